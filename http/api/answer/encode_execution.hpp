#pragma once

#include "core/requests.hpp"
#include "http/api/answer/answer_format.hpp"
#include "http/common/json_writer.hpp"
#include "http/server/message.hpp"

namespace opr::http {

/// An execution's answer, whole, in the form that was asked for. As JSON it is `execution_bad_json` if the
/// function's body is not UTF-8.
response encode_execution(const execution_result& answer, const answer_format& wanted, bool development);

/// The same for `POST /v1/execution`: JSON, each text cut at 1,000,000 bytes.
response encode_first_execution(const execution_result& answer);

/// The function's headers as an object. @param lists Whether a name that occurs several times has a list of
/// its values; else it has the last.
void write_headers(json_writer& out, const header_list& headers, bool lists);

} // namespace opr::http
