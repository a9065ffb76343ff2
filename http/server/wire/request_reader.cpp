#include "http/server/wire/request_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace opr::http {

namespace {

using boost::beast::http::error;
using boost::beast::http::make_error_code;

constexpr size_t kept_capacity = 8 * 1024; ///< What an idle connection may keep of its input buffer.

/// Whether a request line that the parser refused ends in a version that is one, but not ours.
bool names_other_version(std::string_view head) noexcept {
  const auto line = head.substr(0, head.find('\r'));
  const auto at = line.rfind(" HTTP/");
  if (at == std::string_view::npos)
    return false;
  const auto version = line.substr(at + 6);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 3 && is_digit(version[0]) && version[1] == '.' && is_digit(version[2]) &&
         version != "1.0" && version != "1.1";
}

} // namespace

request_reader::request_reader(size_t max_header_bytes, size_t max_body_bytes, bool whole)
    : max_header_bytes_(max_header_bytes), max_body_bytes_(max_body_bytes), whole_(whole) {}

request request_reader::take_head() {
  auto body = take_piece();
  auto head = std::exchange(current_, {});
  current_.body = std::move(body);
  if (const auto length = parser_->content_length())
    head.body_length = *length;
  return head;
}

request_reader::stage request_reader::read(std::string_view bytes) {
  if (at_ == stage::refused)
    return at_;
  if (unread() == 0 &&
      at_ != stage::complete) { // the usual case: nothing is copied but what can't be used yet
    const auto used = parse(bytes);
    if (at_ != stage::refused) {
      unread_.assign(bytes.substr(used));
      start_ = 0;
    }
    return at_;
  }
  if (start_ > unread_.size() / 2) {
    unread_.erase(0, start_);
    start_ = 0;
  }
  unread_.append(bytes);
  if (at_ != stage::complete)
    parse_unread();
  return at_;
}

request_reader::stage request_reader::next() {
  at_ = stage::between;
  parser_.reset();
  current_ = {};
  parse_unread();
  if (unread() == 0) {
    start_ = 0;
    unread_.clear();
    if (unread_.capacity() > kept_capacity)
      unread_.shrink_to_fit();
  }
  return at_;
}

void request_reader::parse_unread() {
  const auto used = parse(std::string_view(unread_).substr(start_));
  if (at_ != stage::refused) // A refusal has let go of all bytes.
    start_ += used;
}

/// @returns How many of the bytes were used; the rest has to be shown again, with more behind it.
size_t request_reader::parse(std::string_view bytes) {
  size_t used = 0;
  if (at_ == stage::between)
    used = begin(bytes);
  if (at_ == stage::head)
    used += parse_head(bytes.substr(used));
  if (at_ == stage::body)
    used += parse_body(bytes.substr(used));
  return used;
}

size_t request_reader::begin(std::string_view bytes) {
  const auto first = bytes.find_first_not_of("\r\n"); // empty lines before a request are to be ignored
  if (first == std::string_view::npos)
    return bytes.size();
  scanner_ = {};
  facts_ = {};
  parser_.emplace(current_, max_header_bytes_, max_body_bytes_, whole_);
  at_ = stage::head;
  return first;
}

size_t request_reader::parse_head(std::string_view bytes) {
  const auto found = scanner_.scan(bytes);
  if (found == head_scanner::verdict::bare_line_feed)
    refuse(400, "a line ends without a carriage return");
  else if (found == head_scanner::verdict::folded_field)
    refuse(400, "a header field is folded");
  else if (scanner_.size() > max_header_bytes_ ||
           (found == head_scanner::verdict::incomplete && bytes.size() > max_header_bytes_))
    refuse(431, "the header is larger than " + std::to_string(max_header_bytes_) + " bytes");
  if (at_ == stage::refused || found == head_scanner::verdict::incomplete)
    return 0;

  const auto head = bytes.substr(0, scanner_.size());
  boost::beast::error_code ec;
  parser_->put(boost::asio::const_buffer(head.data(), head.size()), ec);
  if (ec) {
    refuse(ec, head);
    return 0;
  }
  head_is_done(bytes.size() > head.size());
  return head.size();
}

void request_reader::head_is_done(bool body_has_begun) {
  using expectation = request_parser::expectation;
  facts_ = parser_->facts();
  at_ = parser_->is_done() ? stage::complete : stage::body;
  const auto expects = facts_.http_1_0 ? expectation::none : parser_->expects();
  wants_continue_ = expects == expectation::continue_100 && !body_has_begun;
  if (expects == expectation::unknown)
    refuse(417, "this expectation is not known");
}

size_t request_reader::parse_body(std::string_view bytes) {
  if (bytes.empty())
    return 0;
  wants_continue_ = false;
  boost::beast::error_code ec;
  const auto used = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec && ec != error::need_more)
    refuse(ec, {});
  else if (parser_->is_done())
    at_ = stage::complete;
  else if (bytes.size() - used >
           max_header_bytes_) // chunk extensions and trailers, which Beast doesn't limit
    refuse(431, "a chunk's header or the trailers are too large");
  return used;
}

void request_reader::refuse(const boost::beast::error_code& ec, std::string_view head) {
  if (ec == error::body_limit)
    refuse(413, "the body is larger than " + std::to_string(max_body_bytes_) + " bytes");
  else if (ec == error::bad_version && names_other_version(head))
    refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  else if (ec == error::header_limit)
    refuse(431, "the header is too large");
  else
    refuse(400, "the request is malformed: " + ec.message());
}

void request_reader::refuse(int status, std::string why) {
  at_ = stage::refused;
  status_ = status;
  why_ = std::move(why);
  parser_.reset();
  facts_.head = current_.method == "HEAD";
  facts_.keep_alive = false;
  current_ = {};
  unread_ = {};
  start_ = 0;
}

} // namespace opr::http
