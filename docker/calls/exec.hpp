#pragma once

#include "docker/calls/channel.hpp"
#include "docker/engine.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace opr::docker {

/// `engine::exec` over a channel: creates the exec instance, starts it, reads its output to the end, and asks
/// for the exit code, waiting for the process if it closed its output early.
std::shared_ptr<operation> start_exec(std::shared_ptr<channel> way, const std::string& id,
                                      const std::vector<std::string>& argv, time_point deadline,
                                      std::function<void(stream, std::string_view)> on_output,
                                      then<int> on_done);

} // namespace opr::docker
