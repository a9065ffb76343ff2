#include "storage/s3/xml.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace opr::storage {

namespace {

using entity = std::pair<std::string_view, char>;
constexpr std::array<entity, 5> entities{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};

bool starts_with(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

/// A character, maybe written as an entity, taken off the text.
char take(std::string_view& text) {
  for (const auto& [written, meant] : entities)
    if (starts_with(text, written)) {
      text.remove_prefix(written.size());
      return meant;
    }
  auto c = text.front();
  text.remove_prefix(1);
  return c;
}

/// Whether a tag that begins here is of that name.
bool opens(std::string_view tag, std::string_view element) {
  return starts_with(tag.substr(1), element) && tag.size() > element.size() + 1 &&
         std::string_view("> \t\r\n/").find(tag[element.size() + 1]) != std::string_view::npos;
}

} // namespace

std::string xml_text(std::string_view document, std::string_view element, size_t most) {
  for (auto at = document.find('<'); at != std::string_view::npos; at = document.find('<', at + 1)) {
    if (!opens(document.substr(at), element))
      continue;
    auto text = document.substr(std::min(document.find('>', at), document.size() - 1) + 1);
    text = text.substr(0, text.find('<'));
    std::string out;
    while (!text.empty() && out.size() < most) {
      auto c = static_cast<unsigned char>(take(text));
      if (c >= 0x20 && c != 0x7f)
        out += static_cast<char>(c);
    }
    return to_utf8(out);
  }
  return {};
}

bool xml_root_is(std::string_view document, std::string_view element) {
  for (auto at = document.find('<'); at != std::string_view::npos; at = document.find('<', at + 1)) {
    auto tag = document.substr(at);
    if (!starts_with(tag, "<?") && !starts_with(tag, "<!"))
      return opens(tag, element);
  }
  return false;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

} // namespace opr::storage
