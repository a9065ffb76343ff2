#pragma once

#include "docker/calls/channel.hpp"

#include <memory>
#include <string>

namespace opr::docker {

/// `engine::container_logs` over a channel. At most the last 1 MiB is kept: lines have no length of their
/// own.
void fetch_logs(channel& way, const std::string& id, int lines, time_point deadline,
                then<std::string> on_done);

} // namespace opr::docker
