#include "http/server/wire/response_head.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>

namespace opr::http {

namespace {

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool fits_a_line(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool is_length(std::string_view value) noexcept {
  return !value.empty() && value.size() < 20 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The fields that say how the connection is used: they are the connection's own.
bool is_ours(std::string_view name) noexcept {
  constexpr std::string_view ours[] = {"content-length", "transfer-encoding", "connection", "keep-alive"};
  return std::any_of(std::begin(ours), std::end(ours), [&](auto own) { return same_header(own, name); });
}

bool tells_origin(std::string_view name) noexcept {
  return same_header(name, "date") || same_header(name, "server");
}

void append_number(std::string& out, size_t value, int base = 10) {
  char digits[24];
  out.append(digits, std::to_chars(digits, std::end(digits), value, base).ptr);
}

/// `Date: …` as a whole line, made anew once a second in each thread that answers.
std::string_view date_line() {
  thread_local char line[48];
  thread_local size_t size = 0;
  thread_local time_t made_at = 0;
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != made_at) {
    tm parts{};
    gmtime_r(&now.tv_sec, &parts);
    size = strftime(line, sizeof line, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    made_at = now.tv_sec;
  }
  return {line, size};
}

void append_status_line(std::string& out, int status) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<size_t>(status));
  out += ' ';
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(unsigned(status)));
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

void append_length(std::string& out, const response& answer, const request_facts& asked, body_length length) {
  if (length == body_length::chunked)
    out += "Transfer-Encoding: chunked\r\n";
  const auto* told = find_header(answer.headers, "content-length");
  if (length == body_length::promised)
    out.append("Content-Length: ").append(*told).append("\r\n");
  if (length != body_length::sized || answer.status == 204)
    return;
  const bool stands_for_another = answer.body.empty() && (asked.head || answer.status == 304);
  if (answer.status == 304 && !(told && stands_for_another))
    return;
  out += "Content-Length: ";
  if (stands_for_another && told && is_length(*told))
    out += *told;
  else
    append_number(out, answer.body.size());
  out += "\r\n";
}

} // namespace

body_length streamed_length(const request_facts& asked) noexcept {
  return asked.http_1_0 ? body_length::until_close : body_length::chunked;
}

std::optional<uint64_t> promised_length(const response& answer) noexcept {
  const auto is_it = [](const auto& field) { return same_header(field.name, "content-length"); };
  const auto& all = answer.headers;
  const auto told = std::find_if(all.begin(), all.end(), is_it);
  if (answer.status == 204 || told == all.end() || !is_length(told->value) ||
      std::any_of(told + 1, all.end(), is_it))
    return std::nullopt;
  uint64_t length = 0;
  std::from_chars(told->value.data(), told->value.data() + told->value.size(), length);
  return length;
}

bool has_body(int status, const request_facts& asked) noexcept {
  return !asked.head && status != 204 && status != 304;
}

std::string response_head(const response& answer, const request_facts& asked, body_length length, bool close,
                          std::string_view server_name) {
  std::string out;
  size_t room = 192 + server_name.size() + (length == body_length::sized ? answer.body.size() : 0);
  for (const auto& field : answer.headers)
    room += field.name.size() + field.value.size() + 4;
  out.reserve(std::min<size_t>(room, 4096));

  append_status_line(out, answer.status >= 200 && answer.status <= 999 ? answer.status : 500);
  const bool is_origin = !server_name.empty();
  if (is_origin)
    out.append("Server: ").append(server_name).append("\r\n");
  if (is_origin || !find_header(answer.headers, "date"))
    out += date_line();
  for (const auto& field : answer.headers)
    if (!is_ours(field.name) && !(is_origin && tells_origin(field.name)) && is_token(field.name) &&
        fits_a_line(field.value))
      out.append(field.name).append(": ").append(field.value).append("\r\n");
  append_length(out, answer, asked, length);
  if (close)
    out += "Connection: close\r\n";
  else if (asked.http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
  return out;
}

std::string chunk_head(size_t size) {
  std::string out;
  append_number(out, size, 16);
  out += "\r\n";
  return out;
}

} // namespace opr::http
