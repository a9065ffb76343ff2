#include "http/api/multipart.hpp"

#include "core/header_list.hpp"
#include "http/api/field_text.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace opr::http {

namespace {

constexpr std::string_view form_type = "multipart/form-data";
constexpr std::size_t longest_boundary = 70; ///< RFC 2046, section 5.1.1.

failure refusal(std::string_view why) {
  return {ec::general_argument_invalid, "The request body is not a valid form: " + std::string(why) + "."};
}

bool starts_with(std::string_view text, std::string_view with) noexcept {
  return text.substr(0, with.size()) == with;
}

void skip_blanks(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes a quoted text off the front, without its quotes and with its escapes.
std::optional<std::string_view> take_quoted(std::string_view& text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      auto inside = text.substr(1, i - 1);
      text.remove_prefix(i + 1);
      return inside;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> take_value(std::string_view& text) noexcept {
  if (starts_with(text, "\""))
    return take_quoted(text);
  auto value = trimmed(text.substr(0, text.find(';')));
  if (value.empty() || value.find_first_of("\" \t") != std::string_view::npos)
    return std::nullopt;
  text.remove_prefix(value.size());
  return value;
}

/// The value of one of the parameters `; name=value` that follow the first word of a field.
/// @returns Nothing if they are malformed or the parameter isn't there exactly once.
std::optional<std::string_view> parameter(std::string_view list, std::string_view name) noexcept {
  std::optional<std::string_view> found;
  for (skip_blanks(list); !list.empty(); skip_blanks(list)) {
    if (list.front() != ';')
      return std::nullopt;
    list.remove_prefix(1);
    skip_blanks(list);
    if (list.empty()) // a last semicolon with nothing behind it
      break;
    auto equals = list.find('=');
    auto key = list.substr(0, equals);
    if (equals == std::string_view::npos || !is_token(key))
      return std::nullopt;
    list.remove_prefix(equals + 1);
    auto value = take_value(list);
    auto wanted = same_header(key, name);
    if (!value || (wanted && found))
      return std::nullopt;
    if (wanted)
      found = value;
  }
  return found;
}

/// What stands before the parameters of a field, and the parameters.
std::pair<std::string_view, std::string_view> split_field(std::string_view value) noexcept {
  auto semicolon = std::min(value.find(';'), value.size());
  return {trimmed(value.substr(0, semicolon)), value.substr(semicolon)};
}

/// What a part's header says that matters here.
struct part_header {
  std::optional<std::string_view> disposition;
  std::optional<std::string_view> encoding;
};

/// @returns Whether the line is a field that hasn't come before.
bool read_field(std::string_view line, part_header& into) noexcept {
  auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || !is_field_value(line))
    return false;
  auto name = line.substr(0, colon);
  auto* slot = same_header(name, "content-disposition")         ? &into.disposition
               : same_header(name, "content-transfer-encoding") ? &into.encoding
                                                                : nullptr;
  if (slot == nullptr)
    return true;
  return !std::exchange(*slot, trimmed(line.substr(colon + 1))).has_value();
}

bool is_plain(std::string_view encoding) noexcept {
  return same_header(encoding, "binary") || same_header(encoding, "8bit") || same_header(encoding, "7bit");
}

/// @param part All between two boundary lines.
result<form_part> read_part(std::string_view part) {
  auto size = part.substr(0, max_part_header + 4).find("\r\n\r\n");
  if (size == std::string_view::npos)
    return refusal("a part's header doesn't end within " + std::to_string(max_part_header) + " bytes");
  part_header header;
  for (auto rest = part.substr(0, size); !rest.empty();) {
    auto line = rest.substr(0, rest.find("\r\n"));
    if (!read_field(line, header))
      return refusal("a part's header is malformed");
    rest.remove_prefix(std::min(line.size() + 2, rest.size()));
  }
  if (header.encoding && !is_plain(*header.encoding))
    return refusal("a part has a Content-Transfer-Encoding other than binary, 8bit and 7bit");
  auto [kind, parameters] = split_field(header.disposition.value_or(std::string_view{}));
  auto name = parameter(parameters, "name");
  if (!same_header(kind, "form-data") || !name)
    return refusal("a part has no valid Content-Disposition: form-data with a name");
  return form_part{*name, part.substr(size + 4)};
}

/// Walks over a document from one boundary line to the next.
class form_reader {
public:
  enum class line { part, last, malformed };

  form_reader(std::string_view document, std::string_view boundary)
      : rest_(document), delimiter_("\r\n--" + std::string(boundary)) {}

  /// Goes behind the first boundary.
  bool begin() {
    auto first = std::string_view{delimiter_}.substr(2);
    if (!starts_with(rest_, first))
      return next().has_value();
    rest_.remove_prefix(first.size());
    return true;
  }

  /// Goes behind the next boundary. @returns What was passed over; nothing if there is none. Linear, since
  /// the delimiter's first byte can't occur again in it.
  std::optional<std::string_view> next() {
    auto at = rest_.find(delimiter_);
    if (at == std::string_view::npos)
      return std::nullopt;
    auto passed = rest_.substr(0, at);
    rest_.remove_prefix(at + delimiter_.size());
    return passed;
  }

  /// Reads the rest of a boundary's line.
  line end_line() {
    auto last = starts_with(rest_, "--");
    if (last)
      rest_.remove_prefix(2);
    skip_blanks(rest_);
    if (last && rest_.empty())
      return line::last;
    if (!starts_with(rest_, "\r\n"))
      return line::malformed;
    rest_.remove_prefix(2);
    return last ? line::last : line::part;
  }

private:
  std::string_view rest_;
  std::string delimiter_;
};

} // namespace

bool is_form(std::string_view content_type) noexcept {
  return same_header(split_field(content_type).first, form_type);
}

result<std::string_view> form_boundary(std::string_view content_type) {
  auto boundary = parameter(split_field(content_type).second, "boundary");
  auto printable = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
  if (!boundary || boundary->empty() || boundary->size() > longest_boundary || boundary->back() == ' ' ||
      !std::all_of(boundary->begin(), boundary->end(), printable))
    return {ec::general_argument_invalid,
            "Header \"content-type\" must name a boundary of 1 to 70 printable characters."};
  return *boundary;
}

result<std::vector<form_part>> parse_form(std::string_view document, std::string_view boundary) {
  form_reader reader{document, boundary};
  if (!reader.begin())
    return refusal("its boundary doesn't occur");
  std::vector<form_part> parts;
  for (;;) {
    auto line = reader.end_line();
    if (line == form_reader::line::last)
      return parts;
    if (line == form_reader::line::malformed)
      return refusal("a boundary line is malformed");
    if (parts.size() == max_form_parts)
      return refusal("it has more than " + std::to_string(max_form_parts) + " parts");
    auto raw = reader.next();
    if (!raw)
      return refusal("its final boundary is missing");
    auto part = read_part(*raw);
    if (!part)
      return part.error();
    parts.push_back(*part);
  }
}

} // namespace opr::http
