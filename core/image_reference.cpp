#include "core/image_reference.hpp"

#include <algorithm>

namespace opr {

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_tag = 128;
constexpr std::size_t shortest_digest = 32; // hexadecimal digits
constexpr std::size_t longest_digest = 128;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_alphanumeric(char c) noexcept { return is_digit(c) || is_lower(c) || is_upper(c); }
bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class F>
bool all_of(std::string_view text, F accepts) {
  return std::all_of(text.begin(), text.end(), accepts);
}

/// Not empty, a letter or digit at both ends, and `accepts` between.
template <class F>
bool is_part(std::string_view text, F accepts) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         all_of(text, accepts);
}

/// The text up to the separator, which is taken out with it; all of it when there is none.
std::string_view cut(std::string_view& text, char separator) {
  auto end = std::min(text.find(separator), text.size());
  auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool is_registry(std::string_view text) {
  auto colon = text.find(':');
  auto port = colon == std::string_view::npos ? std::string_view{"1"} : text.substr(colon + 1);
  auto host = text.substr(0, colon);
  return is_part(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; }) && !port.empty() &&
         port.size() <= 5 && all_of(port, is_digit);
}

bool is_path(std::string_view text) {
  if (text.empty() || text.back() == '/')
    return false;
  while (!text.empty())
    if (!is_part(cut(text, '/'),
                 [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; }))
      return false;
  return true;
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= longest_tag &&
         (is_alphanumeric(text.front()) || text.front() == '_') &&
         all_of(text, [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_digest(std::string_view text) {
  auto algorithm = cut(text, ':');
  return is_part(algorithm, [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }) &&
         text.size() >= shortest_digest && text.size() <= longest_digest && all_of(text, is_hex);
}

/// Whether the first part of a name is a registry and not the first folder on Docker Hub.
bool names_registry(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

image_reference split_name(std::string_view name) {
  constexpr std::string_view hub = "docker.io";
  auto rest = name;
  auto first = cut(rest, '/');
  image_reference out;
  bool has_registry = name.find('/') != std::string_view::npos && names_registry(first);
  out.registry = has_registry && first != "index.docker.io" ? first : hub;
  out.path = has_registry ? rest : name;
  if (out.registry == hub && out.path.find('/') == std::string::npos)
    out.path.insert(0, "library/");
  return out;
}

/// Whether the text is the pattern, where `*` stands for any characters.
bool is_like(std::string_view text, std::string_view pattern) noexcept {
  auto star = std::string_view::npos; // the last one met, and where its characters end
  size_t taken = 0;
  size_t at = 0;
  for (size_t i = 0; i < text.size() || at < pattern.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = i;
    } else if (i < text.size() && at < pattern.size() && pattern[at] == text[i]) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos && taken < text.size()) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace

bool matches(const image_reference& image, std::string_view pattern) {
  auto slash = pattern.rfind('/');
  auto last = pattern.substr(slash == std::string_view::npos ? 0 : slash + 1);
  auto has_version = last.find_first_of(":@") != std::string_view::npos;
  auto rest = pattern;
  auto is_whole =
      pattern.front() == '*' || (slash != std::string_view::npos && names_registry(cut(rest, '/')));
  auto whole = is_whole ? std::string(pattern)
                        : "docker.io/" + std::string(slash == std::string_view::npos ? "library/" : "") +
                              std::string(pattern);
  return is_like(has_version ? image.full() : image.name(), whole);
}

std::optional<image_reference> parse_image_reference(std::string_view text) {
  std::optional<std::string_view> digest;
  if (auto at = text.find('@'); at != std::string_view::npos) {
    digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  std::string_view tag = "latest";
  if (auto colon = text.rfind(':');
      colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
    tag = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  auto out = split_name(text);
  if (text.empty() || out.name().size() > longest_name || !is_registry(out.registry) || !is_path(out.path) ||
      !is_tag(tag) || (digest && !is_digest(*digest)))
    return std::nullopt;
  out.version = digest.value_or(tag);
  return out;
}

} // namespace opr
