#include "tests/conformance/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace opr::conformance {

namespace {

[[noreturn]] void broken(const std::string& why) { throw std::runtime_error("broken multipart: " + why); }

/// The text between `after` and the next `until`, which is passed.
std::string taken(const std::string& from, std::size_t& at, const std::string& until) {
  auto end = from.find(until, at);
  if (end == std::string::npos)
    broken("what follows byte " + std::to_string(at) + " has no end");
  auto text = from.substr(at, end - at);
  at = end + until.size();
  return text;
}

/// `name="…"` of a header's value; empty if it has none.
std::string parameter(const std::string& value, const std::string& name) {
  auto at = value.find(name + "=");
  if (at == std::string::npos)
    return {};
  at += name.size() + 1;
  if (value[at] != '"')
    return value.substr(at, value.find(';', at) - at);
  return value.substr(at + 1, value.find('"', at + 1) - at - 1);
}

header_list headers_of(const std::string& head) {
  header_list headers;
  for (std::size_t at = 0; at < head.size();) {
    auto line = taken(head, at, "\r\n");
    auto colon = line.find(':');
    if (colon == std::string::npos)
      broken("a header without a colon: " + line);
    auto value = line.find_first_not_of(' ', colon + 1);
    headers.push_back({line.substr(0, colon), value == std::string::npos ? "" : line.substr(value)});
  }
  return headers;
}

std::size_t run_length(const std::string& digits) {
  bool is_hex =
      !digits.empty() && digits.size() <= 8 &&
      std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!is_hex)
    broken("a run's length is '" + digits.substr(0, 40) + "'");
  return std::stoul(digits, nullptr, 16);
}

/// Reads content that comes in runs, up to and with the empty one at its end. Only lengths count: it may hold
/// anything.
void take_runs(part& one, const std::string& body, std::size_t& at) {
  while (auto length = run_length(taken(body, at, "\r\n"))) {
    if (at + length + 2 > body.size() || body.compare(at + length, 2, "\r\n") != 0)
      broken("a run of " + one.name + " does not end where its length says");
    one.content += body.substr(at, length);
    at += length + 2;
    ++one.runs;
  }
  if (body.compare(at, 2, "\r\n") != 0)
    broken("the last run of " + one.name + " has no line of its own");
  at += 2;
}

/// Reads one part with the boundary behind it.
part next_part(const std::string& body, std::size_t& at, const std::string& boundary) {
  part one;
  one.headers = headers_of(taken(body, at, "\r\n\r\n") + "\r\n");
  const auto* disposition = find_header(one.headers, "content-disposition");
  if (disposition == nullptr || disposition->rfind("form-data", 0) != 0)
    broken("a part is no form-data");
  one.name = parameter(*disposition, "name");
  const auto* encoding = find_header(one.headers, "content-transfer-encoding");
  if (encoding == nullptr || *encoding != "chunked") {
    one.content = taken(body, at, "\r\n" + boundary);
    return one;
  }
  take_runs(one, body, at);
  if (!taken(body, at, boundary).empty())
    broken("something stands behind the last run of " + one.name);
  return one;
}

} // namespace

std::vector<part> decode_multipart(const std::string& type, const std::string& body) {
  if (type.rfind("multipart/form-data", 0) != 0)
    broken("the content type is '" + type + "'");
  auto boundary = "--" + parameter(type, "boundary");
  if (boundary == "--")
    broken("there is no boundary in '" + type + "'");
  std::vector<part> parts;
  std::size_t at = 0;
  if (!taken(body, at, boundary).empty())
    broken("something stands before the first boundary");
  while (body.compare(at, 2, "--") != 0) {
    if (body.compare(at, 2, "\r\n") != 0)
      broken("a boundary is followed by something else");
    at += 2;
    parts.push_back(next_part(body, at, boundary));
  }
  return parts;
}

std::string encode_multipart(const json& members, const std::string& boundary) {
  std::string body;
  for (const auto& entry : members.GetObject())
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + text_of(entry.name) +
            "\"\r\n\r\n" + text_of(entry.value) + "\r\n";
  return body + "--" + boundary + "--\r\n";
}

} // namespace opr::conformance
