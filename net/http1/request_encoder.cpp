#include "net/http1/request_encoder.hpp"

#include <array>
#include <charconv>

namespace opr::net {

namespace {

bool is_ours(std::string_view name) noexcept {
  return same_header(name, "content-length") || same_header(name, "transfer-encoding") ||
         same_header(name, "connection");
}

void add_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

void add_number(std::string& to, size_t value, int base) {
  std::array<char, 24> digits; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  to.append(digits.data(), end);
}

/// Whether servers expect a length even if there is no body (RFC 9110, 8.6).
bool has_body_by_meaning(std::string_view method) noexcept {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

void add_framing(std::string& to, const outgoing& request) {
  if (request.stream && !request.stream_length)
    return add_field(to, "Transfer-Encoding", "chunked");
  const uint64_t length = request.stream ? *request.stream_length : request.body.size();
  if (length == 0 && !has_body_by_meaning(request.method))
    return;
  to.append("Content-Length: ");
  add_number(to, length, 10);
  to.append("\r\n");
}

} // namespace

std::string host_of(const address& where) {
  if (!where.unix_path.empty())
    return "localhost";
  auto is_ipv6 = where.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
}

void encode_head(std::string& to, const outgoing& request, std::string_view host) {
  to.clear();
  to.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  if (!find_header(request.headers, "host"))
    add_field(to, "Host", host);
  for (const auto& field : request.headers)
    if (!is_ours(field.name))
      add_field(to, field.name, field.value);
  to.append(request.more_headers);
  add_framing(to, request);
  to.append("\r\n");
}

void encode_chunk_size(std::string& to, size_t size) {
  to.clear();
  add_number(to, size, 16);
  to.append("\r\n");
}

} // namespace opr::net
