#pragma once

#include "http/proxy/context.hpp"
#include "http/proxy/routing_fields.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

namespace opr::http {

/// Sends a request to all executors that are online, at once. The caller gets a 204 when all have answered
/// with less than 500, else a 502 that says who failed, and how.
void broadcast(const proxy_context_ptr& with, request&& in, responder out, routing_fields fields);

} // namespace opr::http
