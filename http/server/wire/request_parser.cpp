#include "http/server/wire/request_parser.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace opr::http {

namespace beast = boost::beast;
using beast::http::field;

namespace {

/// The room that a body gets before any of it has come, and up to which it grows by doubling.
constexpr size_t promised_room = 256 * 1024;

std::string lower_case(beast::string_view text) {
  std::string out(text.data(), text.size());
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

bool only_digits(beast::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

request_parser::request_parser(request& into, size_t max_header_bytes, size_t max_body_bytes, bool whole)
    : into_(into), whole_(whole), most_(max_body_bytes) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(max_header_bytes));
  body_limit(max_body_bytes);
}

request_facts request_parser::facts() const { return {http_1_0_, into_.method == "HEAD", keep_alive()}; }

void request_parser::on_request_impl(beast::http::verb, view method, view target, int version, error_code&) {
  into_.method.assign(method.data(), method.size());
  into_.target.assign(target.data(), target.size());
  into_.headers.reserve(8);
  http_1_0_ = version == 10;
}

void request_parser::on_field_impl(field name, view name_text, view value, error_code& ec) {
  if (is_header_done())
    return; // a trailer
  switch (name) {
  case field::host:
    ++hosts_;
    break;
  case field::content_length:
    if (has_length_ || !only_digits(value))
      ec = beast::http::error::bad_content_length;
    has_length_ = true;
    break;
  case field::transfer_encoding:
    if (has_encoding_ || !beast::iequals(value, "chunked"))
      ec = beast::http::error::bad_transfer_encoding;
    has_encoding_ = true;
    break;
  case field::expect:
    expects_ = beast::iequals(value, "100-continue") ? expectation::continue_100 : expectation::unknown;
    break;
  default:
    break;
  }
  into_.headers.push_back({lower_case(name_text), {value.data(), value.size()}});
}

void request_parser::on_header_impl(error_code& ec) {
  if (hosts_ > 1 || (hosts_ == 0 && !http_1_0_))
    ec = beast::http::error::bad_field;
  else if (has_encoding_ && http_1_0_)
    ec = beast::http::error::bad_transfer_encoding;
}

void request_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (!length || !whole_)
    return;
  most_ = *length; // within the limit
  into_.body.reserve(std::min(most_, promised_room));
}

/// A body that has shown to be large gets room for all of it at once: what isn't written to takes no memory,
/// while growth by doubling would, twice over.
std::size_t request_parser::on_body_impl(view bytes, error_code&) {
  auto& body = into_.body;
  const auto size = body.size() + bytes.size();
  if (whole_ && size > body.capacity() && size > promised_room)
    body.reserve(std::max(most_, size));
  body.append(bytes.data(), bytes.size());
  return bytes.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, view bytes, error_code& ec) {
  return on_body_impl(bytes, ec);
}

} // namespace opr::http
