#pragma once

#include "core/result.hpp"
#include "net/io_threads.hpp"

#include <string>
#include <vector>

namespace opr::net {

/// Finds the IP addresses of a name in the background: the system's resolver may take seconds.
/// @param found Called once on an I/O thread, with at least one address or `ec::connect_failed`; never when
/// the I/O threads stop before.
void resolve(io_threads& io, const std::string& host, then<std::vector<std::string>> found);

} // namespace opr::net
