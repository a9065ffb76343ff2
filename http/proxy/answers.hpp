#pragma once

#include "http/server/message.hpp"

#include <string_view>

namespace opr::http {

/// An error of the proxy itself: `{"message", "code", "version"}`.
response proxy_error(int status, std::string_view message, std::string_view version);

} // namespace opr::http
