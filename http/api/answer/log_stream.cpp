#include "http/api/answer/log_stream.hpp"

#include "http/api/answer/encode.hpp"

namespace opr::http {

void log_stream::write(std::string_view lines) {
  // What was there before: a log that is long already comes as one piece, and nobody is slow for that.
  if (out_.pending() > patience)
    return out_.cut();
  if (out_.begun())
    return out_.write(std::string{lines});
  auto head = encode_log_head();
  head.body = lines;
  out_.begin(std::move(head));
}

void log_stream::finish() {
  if (!out_.begun())
    out_.begin(encode_log_head());
  out_.finish();
}

} // namespace opr::http
