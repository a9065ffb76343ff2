// The Engine's raw stream: what its frames carry is the same however the network cuts the bytes.
#include "docker/wire/frames.hpp"
#include "docker/wire/lines.hpp"
#include "fuzz/input.hpp"

#include <string>

namespace {

using namespace opr;
using namespace opr::fuzz;

std::string frames(std::string_view bytes, uint8_t pattern) {
  docker::frame_parser parser;
  std::string text;
  bool good = true;
  in_pieces(bytes, pattern, [&](std::string_view piece) {
    return good = parser.feed(piece, [&](docker::stream from, std::string_view payload) {
      for (char c : payload) {
        text += static_cast<char>('0' + static_cast<int>(from));
        text += c;
      }
    });
  });
  return text + (good ? parser.at_boundary() ? " ends" : " goes on" : " is no stream");
}

std::string lines(std::string_view bytes, uint8_t pattern) {
  constexpr std::size_t longest = 64;
  docker::line_splitter splitter{longest};
  std::string text;
  bool good = true;
  in_pieces(bytes, pattern, [&](std::string_view piece) {
    return good = splitter.feed(piece, [&](std::string_view line) {
      must(!line.empty() && line.size() <= longest, "a line is not longer than allowed");
      text += std::string(line) + "|";
      return true;
    });
  });
  return text + (good ? "" : " too long");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto bytes = text_of(data, size);
  auto pattern = take_byte(bytes);
  must(frames(bytes, 0) == frames(bytes, 1), "bytewise frames are the same as whole ones");
  must(frames(bytes, 0) == frames(bytes, pattern), "frames in pieces are the same as whole ones");
  must(lines(bytes, 0) == lines(bytes, 1), "bytewise lines are the same as whole ones");
  must(lines(bytes, 0) == lines(bytes, pattern), "lines in pieces are the same as whole ones");
  return 0;
}
