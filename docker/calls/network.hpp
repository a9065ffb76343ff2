#pragma once

#include "docker/calls/channel.hpp"

#include <memory>
#include <string>

namespace opr::docker {

/// `engine::ensure_network` over a channel. The Engine (20.10) lets several create networks of one name at
/// the same time, after which no container can join any: all but one of them are removed again.
void start_ensure_network(std::shared_ptr<channel> way, const std::string& name, bool apart,
                          time_point deadline, then<done> on_done);

/// `engine::connect_network` over a channel. Whether a refusal means that the container is in the network
/// already is not read from the Engine's words: it is looked for there.
void start_connect_network(std::shared_ptr<channel> way, const std::string& name,
                           const std::string& container, time_point deadline, then<done> on_done);

} // namespace opr::docker
