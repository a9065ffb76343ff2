#pragma once

#include "core/header_list.hpp"

#include <string>

namespace opr::http {

/// How a caller wants an execution's answer.
struct answer_format {
  bool json = false;  ///< Else `multipart/form-data`.
  bool lists = false; ///< From 0.11.0: a header that came several times has a list of its values.
  /// From 0.12.0, if not JSON: the answer streams, and says this version. Else empty.
  std::string streamed;
};

/// The format that a request's `Accept` and `x-executor-response-format` ask for. A version that can't be
/// read counts as the oldest, 0.10.0.
answer_format wanted_format(const header_list& headers);

} // namespace opr::http
