#include "http/api/json_reader.hpp"

#include "core/utf8.hpp"

#include <rapidjson/encodedstream.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace opr::http {

namespace {

using rapidjson::SizeType;

/// The recursive parser would overflow the stack.
constexpr unsigned flags = rapidjson::kParseIterativeFlag;

/// Passes on what the parser finds, as long as it isn't too much.
struct bounded {
  rapidjson::Document& into;
  std::size_t left = max_json_values;

  bool one_more() noexcept { return left-- > 0; }

  // NOLINTBEGIN(readability-identifier-naming): the parser's names
  bool Null() { return one_more() && into.Null(); }
  bool Bool(bool value) { return one_more() && into.Bool(value); }
  bool Int(int value) { return one_more() && into.Int(value); }
  bool Uint(unsigned value) { return one_more() && into.Uint(value); }
  bool Int64(int64_t value) { return one_more() && into.Int64(value); }
  bool Uint64(uint64_t value) { return one_more() && into.Uint64(value); }
  bool Double(double value) { return one_more() && into.Double(value); }
  bool RawNumber(const char* text, SizeType size, bool copy) { return String(text, size, copy); }
  bool String(const char* text, SizeType size, bool copy) {
    return one_more() && into.String(text, size, copy);
  }
  bool Key(const char* text, SizeType size, bool copy) { return one_more() && into.Key(text, size, copy); }
  bool StartObject() { return one_more() && into.StartObject(); }
  bool EndObject(SizeType members) { return into.EndObject(members); }
  bool StartArray() { return one_more() && into.StartArray(); }
  bool EndArray(SizeType elements) { return into.EndArray(elements); }
  // NOLINTEND(readability-identifier-naming)
};

template <unsigned Flags, class Stream>
bool parse(Stream text, rapidjson::Document& into) {
  auto whole = false;
  auto generate = [&](rapidjson::Document& document) {
    rapidjson::Reader reader;
    bounded found{document};
    whole = !reader.Parse<Flags>(text, found).IsError();
    return whole;
  };
  into.Populate(generate);
  return whole;
}

/// Checks what can't be left to the parser: it takes a NUL byte for the end, and would leave what follows
/// unread; and at a character that the text's end cuts, its own check of the encoding reads on behind the
/// end.
bool is_readable(std::string_view text) { return text.find('\0') == std::string_view::npos && is_utf8(text); }

} // namespace

bool parse_json_in_place(std::string& text, rapidjson::Document& into) {
  return is_readable(text) &&
         parse<flags | rapidjson::kParseInsituFlag>(rapidjson::InsituStringStream{text.data()}, into);
}

bool parse_json(std::string_view text, rapidjson::Document& into) {
  using stream = rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream>;
  rapidjson::MemoryStream bytes{text.data(), text.size()};
  return is_readable(text) && parse<flags>(stream{bytes}, into);
}

} // namespace opr::http
