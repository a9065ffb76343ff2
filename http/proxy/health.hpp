#pragma once

#include "http/proxy/context.hpp"
#include "http/server/message.hpp"

namespace opr::http {

/// `GET /v1/proxy/health`: `OK`. Callers with the key who ask for JSON are told how each executor stands, and
/// whether the shared state can be reached.
response proxy_health(const proxy_context& with, const request& in, bool has_key);

} // namespace opr::http
