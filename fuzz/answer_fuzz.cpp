// What runtimes answer, which is up to their users: an answer is the same however the network cuts the bytes.
#include "fuzz/input.hpp"
#include "net/http1/answer_decoder.hpp"

#include <string>

namespace {

using namespace opr;
using namespace opr::fuzz;
using net::progress;

struct keeping_reader final : net::response_reader {
  void on_head(net::response_head&& head) override {
    ++heads;
    text += std::to_string(head.status) + "\n";
    for (const auto& [name, value] : head.headers)
      text += name + ": " + value + "\n";
  }
  net::flow on_body(std::string_view piece) override {
    must(heads == 1, "a body comes after its head");
    text += piece;
    return net::flow::more;
  }
  void on_done(failure) override {}

  int heads = 0;
  std::string text;
};

std::string read(std::string_view bytes, bool to_head, uint8_t pattern) {
  keeping_reader reader;
  net::answer_decoder decoder;
  decoder.begin(reader, to_head);
  auto how = progress::more;
  in_pieces(bytes, pattern, [&](std::string_view piece) {
    how = decoder.feed(piece);
    return how == progress::more;
  });
  must(reader.heads <= 1, "an answer has one head");
  if (how == progress::more && decoder.ends_with_stream())
    how = progress::complete;
  must(how != progress::invalid || !decoder.complaint().empty(), "what is wrong with an answer is said");
  if (how == progress::complete)
    must(reader.heads == 1, "a complete answer has a head");
  // What is wrong may be seen sooner or later, and more or less of the body have been passed on before.
  return how == progress::complete ? "complete\n" + reader.text : "broken";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto bytes = text_of(data, size);
  auto pattern = take_byte(bytes);
  auto to_head = take_byte(bytes) == 1;
  auto whole = read(bytes, to_head, 0);
  must(whole == read(bytes, to_head, 1), "a bytewise answer is the same as a whole one");
  must(whole == read(bytes, to_head, pattern), "an answer in pieces is the same as a whole one");
  return 0;
}
