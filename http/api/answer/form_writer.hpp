#pragma once

#include <string>
#include <string_view>

namespace opr::http {

// Pieces of `multipart/form-data` documents, appended to a text. Two codings of a part's content: as it is,
// which needs a boundary that doesn't occur in it, and `chunked`, in runs that say their length (response
// format 0.12.0).

/// A boundary that nobody can have foreseen, and so put into a content: 128 random bits.
std::string random_boundary();

/// The document's `Content-Type`.
std::string form_type(std::string_view boundary);

/// The head of a part whose content follows as it is. @param type Of the content; empty: not said.
void append_part_head(std::string& out, std::string_view boundary, std::string_view name,
                      std::string_view type = {});
/// A whole part.
void append_part(std::string& out, std::string_view boundary, std::string_view name,
                 std::string_view content);

/// The head of a part whose content follows in runs.
void append_chunked_head(std::string& out, std::string_view boundary, std::string_view name);
/// A run of content; nothing if it is empty, which would end the part.
void append_run(std::string& out, std::string_view content);
/// A whole part, in one run.
void append_chunked_part(std::string& out, std::string_view boundary, std::string_view name,
                         std::string_view content);

/// What ends a part, of each coding.
inline constexpr std::string_view part_end = "\r\n";
inline constexpr std::string_view chunked_part_end = "0\r\n\r\n";

/// What ends a document.
void append_form_end(std::string& out, std::string_view boundary);

} // namespace opr::http
