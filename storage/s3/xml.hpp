#pragma once

#include <string>
#include <string_view>

namespace opr::storage {

/// The text of the first element of that name in an answer of S3, entities resolved and control bytes left
/// out; empty if there is none. The answer is untrusted: nothing of XML but this is understood.
/// @param most Bytes of text at most.
std::string xml_text(std::string_view document, std::string_view element, size_t most = 500);

/// Whether the document's outermost element has that name.
bool xml_root_is(std::string_view document, std::string_view element);

/// Text for an element: `&` and `<` as entities.
std::string xml_escaped(std::string_view text);

} // namespace opr::storage
