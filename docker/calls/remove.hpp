#pragma once

#include "docker/calls/channel.hpp"

#include <memory>
#include <string>

namespace opr::docker {

/// `engine::remove_container` over a channel. If somebody else is removing the container already, waits until
/// the Engine says that it is gone.
void start_removal(std::shared_ptr<channel> way, const std::string& id, time_point deadline,
                   then<done> on_done);

} // namespace opr::docker
