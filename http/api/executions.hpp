#pragma once

#include "http/api/handling.hpp"

#include <string>

namespace opr::http {

/// Sends an execution on its way and answers when its function has, in the form that the request asks for.
/// @param id Empty: the first generation's request, which names its runtime in the body.
void create_execution(const context_ptr& with, request&& in, std::string id, responder out);

} // namespace opr::http
