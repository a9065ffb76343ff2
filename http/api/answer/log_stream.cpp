#include "http/api/answer/log_stream.hpp"

#include "http/api/answer/encode.hpp"

namespace opr::http {

void log_stream::write(std::string_view lines) {
  if (out_.begun()) {
    out_.write(std::string{lines});
  } else {
    auto head = encode_log_head();
    head.body = lines;
    out_.begin(std::move(head));
  }
  if (out_.pending() > patience)
    out_.cut();
}

void log_stream::finish() {
  if (!out_.begun())
    out_.begin(encode_log_head());
  out_.finish();
}

} // namespace opr::http
