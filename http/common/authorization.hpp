#pragma once

#include <string_view>

namespace opr::http {

/// Whether an `Authorization` header carries the key: `Bearer <secret>`. The comparison takes the
/// same time wherever the texts differ; an empty secret authorises nobody.
bool is_authorised(std::string_view header, std::string_view secret) noexcept;

} // namespace opr::http
