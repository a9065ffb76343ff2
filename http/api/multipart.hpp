#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace opr::http {

/// Most parts of a form, and most bytes of the header of one.
inline constexpr std::size_t max_form_parts = 100;
inline constexpr std::size_t max_part_header = 4096;

/// One part of a form. Both views lie in the document.
struct form_part {
  std::string_view name; ///< As it stands between its quotes: escapes are left as they are.
  std::string_view content;
};

/// Whether a `Content-Type` says `multipart/form-data`.
bool is_form(std::string_view content_type) noexcept;

/// The boundary that the `Content-Type` of a form names: 1 to 70 printable characters. The view lies in it.
result<std::string_view> form_boundary(std::string_view content_type);

/// Takes a `multipart/form-data` document apart (RFC 7578, RFC 2046), in place and in linear time. Preamble
/// and epilogue are passed over. Strict where leniency would let two readers see different parts: a line that
/// begins with the boundary and goes on otherwise, bare line feeds, folded or repeated fields, a missing end
/// and a transfer encoding that would have to be undone are refused with `general_argument_invalid`.
/// @returns The parts in their order; a name may occur several times.
result<std::vector<form_part>> parse_form(std::string_view document, std::string_view boundary);

} // namespace opr::http
