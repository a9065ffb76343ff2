#include "net/http1/answer_parser.hpp"

#include <algorithm>
#include <limits>

namespace opr::net {

namespace http = boost::beast::http;

namespace {

constexpr size_t usual_number_of_fields = 12;
constexpr int switching_protocols = 101;

std::string lower_case(boost::beast::string_view name) {
  std::string lower(name.size(), '\0');
  std::transform(name.begin(), name.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return lower;
}

} // namespace

answer_parser::answer_parser(response_reader& reader, bool to_head) : reader_(reader) {
  eager(true);
  skip(to_head);
  header_limit(max_head);
  // Not `boost::none`: Beast 1.74 compares with it, finds every length above it and skips the head.
  body_limit(std::numeric_limits<uint64_t>::max());
}

void answer_parser::on_response_impl(int status, text reason, int version, error_code& why) {
  why = {};
  head_.status = status;
  head_.headers.reserve(usual_number_of_fields);
  head_size_ = reason.size();
  is_http_1_1_ = version == 11;
  // Never asked for, so what follows could only be misread.
  if (status < 100 || status == switching_protocols)
    why = http::error::bad_status;
}

void answer_parser::on_field_impl(http::field field, text name, text value, error_code& why) {
  why = {};
  if (is_header_done())
    return; // A trailer: it must not pass for a header field.
  head_size_ += name.size() + value.size();
  if (head_size_ > max_head)
    why = http::error::header_limit;
  // Beast takes any other coding as "no chunks": what is a body to the peer would be the next answer to us.
  else if (field == http::field::transfer_encoding &&
           !(is_http_1_1_ && boost::beast::iequals(value, "chunked")))
    why = http::error::bad_transfer_encoding;
  else
    head_.headers.push_back({lower_case(name), std::string(value)});
}

void answer_parser::on_header_impl(error_code& why) {
  why = {};
  if (!is_interim())
    reader_.on_head(std::move(head_));
}

size_t answer_parser::on_body_impl(text piece, error_code& why) {
  why = {};
  if (piece.empty())
    return 0;
  wanted_ = reader_.on_body({piece.data(), piece.size()});
  if (wanted_ != flow::more)
    why = http::error::need_buffer;
  return piece.size();
}

size_t answer_parser::on_chunk_body_impl(uint64_t, text piece, error_code& why) {
  return on_body_impl(piece, why);
}

} // namespace opr::net
