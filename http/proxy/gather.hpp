#pragma once

#include "core/result.hpp"
#include "http/server/message.hpp"

#include <memory>
#include <string>

namespace opr::http {

using shared_body = std::shared_ptr<const std::string>;

/// Collects the whole body of a request, for those who need it more than once. Fails with
/// `ec::answer_too_large` above `most` bytes. Calls back once, now or from any thread; never when the caller
/// leaves before.
void gather_body(request& in, size_t most, then<shared_body> whole);

} // namespace opr::http
