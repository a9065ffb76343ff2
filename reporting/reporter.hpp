#pragma once

#include "core/fault.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "reporting/encode.hpp"
#include "reporting/provider.hpp"

namespace opr::reporting {

/// Starts to report to a provider: in the background, one report after another, equal ones together. A
/// provider that is down or slow holds nobody up: reports wait for it, a few hundred at most, the others are
/// dropped, and the log tells their number once a minute. What was reported when the I/O threads stop is
/// dropped, too.
/// @param http May go when the I/O threads have stopped.
/// @returns What takes faults; may outlive all others.
report_fault start_reporting(net::io_threads& io, net::http_client& http, provider to, origin from);

} // namespace opr::reporting
