#include "net/http1/answer_decoder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <utility>

namespace opr::net {

namespace http = boost::beast::http;

void answer_decoder::begin(response_reader& reader, bool to_head) {
  reader_ = &reader;
  to_head_ = to_head;
  parser_.emplace(reader, to_head);
  wants_more_ = paused_ = false;
  held_.clear();
  complaint_.clear();
}

progress answer_decoder::feed(std::string_view bytes) {
  if (held_.empty()) {
    auto how = consume(bytes);
    held_.assign(bytes);
    return how;
  }
  held_.append(bytes);
  std::string_view rest = held_;
  auto how = consume(rest);
  held_.erase(0, held_.size() - rest.size());
  return how;
}

progress answer_decoder::consume(std::string_view& bytes) {
  for (;;) {
    auto how = consume_once(bytes);
    if (how != progress::complete || !parser_->is_interim())
      return how;
    parser_.emplace(*reader_, to_head_);
  }
}

/// Goes as far as the parser goes at once; at most to the end of one message.
progress answer_decoder::consume_once(std::string_view& bytes) {
  // A paused message may have nothing left to receive and still wait for its end to be said.
  auto was_paused = std::exchange(paused_, false);
  if ((bytes.empty() && !was_paused) || is_starved(bytes))
    return progress::more;
  boost::beast::error_code why;
  auto used = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), why);
  bytes.remove_prefix(used);
  return judge(why, bytes);
}

progress answer_decoder::judge(boost::beast::error_code why, std::string_view rest) {
  wants_more_ = why == http::error::need_more;
  if (!why)
    return parser_->is_done() ? progress::complete : progress::more;
  if (why == http::error::need_buffer) {
    paused_ = parser_->wanted() == flow::pause;
    return paused_ ? progress::paused : progress::stopped;
  }
  // The parser limits neither chunk extensions nor trailers, which have to be held until they are whole.
  if (wants_more_ && rest.size() <= answer_parser::max_head)
    return progress::more;
  complaint_ = wants_more_ ? "chunk extension or trailers too long" : why.message();
  return progress::invalid;
}

/// Beast asserts that the end of a chunked body, `0 CR LF CR LF`, never comes in a piece of four bytes.
bool answer_decoder::is_starved(std::string_view rest) const {
  constexpr size_t shortest_end = 5;
  return wants_more_ && parser_->is_header_done() && rest.size() < shortest_end;
}

bool answer_decoder::ends_with_stream() {
  if (!parser_->got_some())
    return false;
  boost::beast::error_code why;
  parser_->put_eof(why);
  return !why;
}

bool answer_decoder::needs_end_of_stream() const { return parser_->is_header_done() && parser_->need_eof(); }

bool answer_decoder::keeps_alive() const { return held_.empty() && parser_->keep_alive(); }

} // namespace opr::net
