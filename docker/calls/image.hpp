#pragma once

#include "docker/calls/channel.hpp"
#include "docker/engine.hpp"

#include <functional>
#include <string_view>

namespace opr::docker {

/// `engine::has_image` over a channel.
void look_for_image(channel& way, const image_reference& image, time_point deadline, then<bool> on_done);

/// `engine::pull_image` over a channel. The Engine says 200 as soon as it has begun; how the pull ends stands
/// in the stream.
void start_pull(channel& way, const image_reference& image, const registry_login& login, time_point deadline,
                std::function<void(std::string_view)> on_progress, then<done> on_done);

/// `engine::remove_image` over a channel.
void take_image_away(channel& way, const image_reference& image, time_point deadline, then<done> on_done);

} // namespace opr::docker
