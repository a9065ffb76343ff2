#pragma once

#include "core/fault.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "reporting/encode.hpp"

#include <string>

namespace opr::app {

/// Starts to report faults as the settings `logging_provider` and `logging_config` say.
/// @returns What takes faults, and drops them where no provider is configured; or why the settings make no
/// sense.
result<report_fault> start_fault_reports(net::io_threads& io, net::http_client& http,
                                         const std::string& provider, const std::string& config,
                                         reporting::origin from);

/// What of a DSN is for nobody's eyes; empty if there is nothing.
std::string password_of(const std::string& dsn);

} // namespace opr::app
