// Forms: a content type and a document behind it. Parts lie in the document, in order, and hold no boundary.
#include "fuzz/input.hpp"
#include "http/api/multipart.hpp"

#include <string>

using namespace opr;
using namespace opr::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto document = text_of(data, size);
  auto type = take_text(document);
  auto boundary = http::form_boundary(type);
  if (!boundary)
    return 0;
  must(!boundary->empty() && boundary->size() <= 70, "a boundary has 1 to 70 characters");
  auto parts = http::parse_form(document, *boundary);
  if (!parts) {
    must(parts.error().code == ec::general_argument_invalid, "a broken form is an invalid argument");
    return 0;
  }
  auto line = "\r\n--" + std::string(*boundary);
  const char* at = document.data();
  must(parts->size() <= http::max_form_parts, "there are no more parts than may be");
  for (const auto& one : *parts) {
    must(one.name.data() >= at && one.name.data() + one.name.size() <= one.content.data(),
         "a name stands before its content");
    at = one.content.data() + one.content.size();
    must(at <= document.data() + document.size(), "a part lies in its document");
    must(one.content.find(line) == std::string_view::npos, "no content holds a boundary");
  }
  return 0;
}
