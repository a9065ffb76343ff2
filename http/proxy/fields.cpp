#include "http/proxy/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace opr::http {

namespace {

constexpr std::string_view executor_field = "x-opr-executor-hostname";

/// The names that a connection's own fields have; all in lower case, as are those of the fields.
bool is_of_connection(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 9> names{"connection",
                                                  "keep-alive",
                                                  "proxy-connection",
                                                  "proxy-authenticate",
                                                  "proxy-authorization",
                                                  "te",
                                                  "trailer",
                                                  "transfer-encoding",
                                                  "upgrade"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The names that fields `Connection` hold.
class connection_options {
public:
  explicit connection_options(const header_list& fields) {
    for (const auto& field : fields)
      if (field.name == "connection")
        add(field.value);
  }

  bool name(std::string_view field) const noexcept {
    return std::any_of(names_.begin(), names_.end(),
                       [&](std::string_view one) { return same_header(one, field); });
  }

private:
  void add(std::string_view list) {
    constexpr std::string_view blanks = " \t";
    while (!list.empty()) {
      auto comma = std::min(list.find(','), list.size());
      auto one = list.substr(0, comma);
      auto first = std::min(one.find_first_not_of(blanks), one.size());
      auto last = one.find_last_not_of(blanks);
      one = one.substr(first, last - first + 1);
      if (!one.empty() && !same_header(one, "close") && !same_header(one, "keep-alive"))
        names_.push_back(one);
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }

  std::vector<std::string_view> names_;
};

/// Whether the proxy says something else instead, or says it in another way.
bool is_replaced(std::string_view name, std::string_view executor) noexcept {
  return name == "authorization" || name == "host" || name == "content-length" || name == "expect" ||
         (!executor.empty() && name == executor_field);
}

void add_line(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::string fields_to_upstream(const header_list& from, std::string_view authorization,
                               std::string_view executor) {
  const connection_options options{from};
  std::size_t room = authorization.size() + executor.size() + 64;
  for (const auto& field : from)
    room += field.name.size() + field.value.size() + 4;
  std::string lines;
  lines.reserve(room);
  for (const auto& field : from)
    if (!is_of_connection(field.name) && !is_replaced(field.name, executor) && !options.name(field.name))
      add_line(lines, field.name, field.value);
  if (!authorization.empty())
    add_line(lines, "authorization", authorization);
  if (!executor.empty())
    add_line(lines, executor_field, executor);
  return lines;
}

void strip_for_caller(header_list& fields) {
  std::vector<std::string> named;
  {
    const connection_options options{fields};
    for (const auto& field : fields)
      if (options.name(field.name) && field.name != "content-length")
        named.push_back(field.name);
  }
  auto goes = [&](const header_field& field) {
    return is_of_connection(field.name) || std::find(named.begin(), named.end(), field.name) != named.end();
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), goes), fields.end());
}

std::optional<uint64_t> content_length(const header_list& fields) noexcept {
  const auto* text = find_header(fields, "content-length");
  if (text == nullptr || text->empty())
    return std::nullopt;
  uint64_t length = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc{} || end != text->data() + text->size())
    return std::nullopt;
  return length;
}

} // namespace opr::http
