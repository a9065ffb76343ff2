#pragma once

#include "http/proxy/context.hpp"
#include "http/proxy/routing_fields.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

namespace opr::http {

/// Sends a request to the executor that suits it best, and the answer to the caller, both as they come. One
/// that could not be sent (nobody has seen any of it then) goes to the next executor; one that may have been
/// received is never sent again.
void forward(proxy_context_ptr with, request&& in, responder out, routing_fields fields);

} // namespace opr::http
