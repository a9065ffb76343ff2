#include "http/api/answer/form_writer.hpp"

#include "core/random_id.hpp"

#include <charconv>

namespace opr::http {

namespace {

void append_disposition(std::string& out, std::string_view boundary, std::string_view name) {
  out.append("--").append(boundary);
  out.append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"\r\n");
}

} // namespace

std::string random_boundary() { return random_hex(32); }

std::string form_type(std::string_view boundary) {
  return "multipart/form-data; boundary=" + std::string(boundary); // clients take all behind the equals sign
}

void append_part_head(std::string& out, std::string_view boundary, std::string_view name,
                      std::string_view type) {
  append_disposition(out, boundary, name);
  if (!type.empty())
    out.append("Content-Type: ").append(type).append("\r\n");
  out += "\r\n";
}

void append_part(std::string& out, std::string_view boundary, std::string_view name,
                 std::string_view content) {
  append_part_head(out, boundary, name);
  out.append(content).append(part_end);
}

void append_chunked_head(std::string& out, std::string_view boundary, std::string_view name) {
  append_disposition(out, boundary, name);
  out += "Content-Transfer-Encoding: chunked\r\n\r\n";
}

void append_run(std::string& out, std::string_view content) {
  if (content.empty())
    return;
  char digits[16];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, content.size(), 16).ptr);
  out.append("\r\n").append(content).append("\r\n");
}

void append_chunked_part(std::string& out, std::string_view boundary, std::string_view name,
                         std::string_view content) {
  append_chunked_head(out, boundary, name);
  append_run(out, content);
  out += chunked_part_end;
}

void append_form_end(std::string& out, std::string_view boundary) {
  out.append("--").append(boundary).append("--");
}

} // namespace opr::http
