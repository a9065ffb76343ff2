#pragma once

#include "core/header_list.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Header fields on their way through the proxy.

namespace opr::http {

/// The fields of a caller's request as an upstream gets them: complete lines, each with its end. Left out are
/// those that belong to the caller's connection (also by his own field `Connection`), `Host` and the length,
/// which go another way, and his `Authorization`.
/// @param authorization The field that takes its place, `Bearer …`; empty: none.
/// @param executor Named in `x-opr-executor-hostname`, whatever the caller says there; empty: the caller's
/// own field, if any, goes on.
std::string fields_to_upstream(const header_list& from, std::string_view authorization,
                               std::string_view executor);

/// Takes out of an upstream's answer what belongs to its connection alone. Its length stays.
void strip_for_caller(header_list& fields);

/// The value of `Content-Length` if there is a valid one.
std::optional<uint64_t> content_length(const header_list& fields) noexcept;

} // namespace opr::http
