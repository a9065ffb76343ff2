#pragma once

#include "docker/calls/channel.hpp"
#include "docker/engine.hpp"
#include "docker/wire/target.hpp"

#include <functional>
#include <memory>
#include <string>

namespace opr::docker {

/// The target of an event subscription: events of containers that pass the filters.
/// @param since Unix nanoseconds from which the Engine repeats what it remembers (256 events), inclusive.
result<std::string> events_target(filter_list filters, int64_t since);

/// Reads an event stream. A line that is no event ends it: the subscriber has to look for itself what it
/// missed.
/// @param on_event As `stream_handler::on_piece`: a code other than `none` ends the stream.
stream_handler event_handler(std::function<void()> on_open,
                             std::function<failure(container_event&&)> on_event,
                             std::function<void(failure)> on_end);

/// `engine::watch` over a channel.
std::shared_ptr<operation> start_watch(channel& way, const std::string& label, const std::string& value,
                                       int64_t since, event_reader reader);

} // namespace opr::docker
