#pragma once

#include "http/proxy/context.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

namespace opr::http {

/// The proxy's front: its own health, the key, and all else goes on to the executors. Answers now or later,
/// never blocks. Any thread.
void handle_proxied(const proxy_context_ptr& with, request&& in, responder out);

} // namespace opr::http
