// What clients send: the requests of a connection are the same however the network cuts the bytes.
#include "fuzz/input.hpp"
#include "http/server/wire/request_reader.hpp"

#include <string>
#include <vector>

namespace {

using namespace opr;
using namespace opr::fuzz;
using http::request_reader;

std::string text_of(const http::request& one, http::request_facts facts) {
  auto text = one.method + " " + one.target + (facts.keep_alive ? " keep" : " close") +
              (facts.head ? " head\n" : "\n");
  for (const auto& [name, value] : one.headers)
    text += name + ": " + value + "\n";
  return text + one.body;
}

/// The requests that are accepted, in their order. What is wrong with the next one may be seen sooner or
/// later.
std::vector<std::string> read(std::string_view bytes, uint8_t pattern) {
  constexpr std::size_t head_limit = 1024;
  constexpr std::size_t body_limit = 2048;
  request_reader reader{head_limit, body_limit};
  std::vector<std::string> all;
  in_pieces(bytes, pattern, [&](std::string_view piece) {
    reader.read(piece);
    while (reader.at() == request_reader::stage::complete) {
      auto facts = reader.facts();
      auto one = reader.take();
      must(one.body.size() <= body_limit, "a body is not longer than its limit");
      all.push_back(text_of(one, facts));
      reader.next();
    }
    must(reader.unread() <= bytes.size(), "no more is kept than came");
    return reader.at() != request_reader::stage::refused;
  });
  if (reader.at() == request_reader::stage::refused) {
    must(reader.status() >= 400 && reader.status() < 600, "a refusal has an error's status");
    must(!reader.why().empty(), "a refusal says why");
  }
  return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  auto pattern = take_byte(bytes);
  auto whole = read(bytes, 0);
  must(whole == read(bytes, 1), "bytewise requests are the same as whole ones");
  must(whole == read(bytes, pattern), "requests in pieces are the same as whole ones");
  return 0;
}
