#pragma once

#include "core/result.hpp"
#include "docker/engine.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reads what the Engine answers. A member that is missing where it must not be, or of another type than the
/// Engine's API says, is `ec::engine_failed` with the member's name; unknown members are ignored.
namespace opr::docker {

/// The `Id` of what was created: a container, an exec instance, a network.
result<std::string> decode_created(std::string_view body);

result<container_state> decode_container(std::string_view body);

result<std::vector<container_summary>> decode_container_list(std::string_view body);

/// Whether a process started by exec still runs, and with which code it ended if not.
struct exec_state {
  bool running = false;
  int exit_code = 0; ///< Means nothing while it runs.
};
result<exec_state> decode_exec(std::string_view body);

/// Ids of the networks of exactly that name; the Engine's own filter also finds longer names.
result<std::vector<std::string>> decode_network_ids(std::string_view body, const std::string& name);

/// Processor time out of a container's statistics; none for one that doesn't run.
result<std::chrono::nanoseconds> decode_cpu_time(std::string_view body);

/// One line of a pull's stream.
struct pull_message {
  std::string text;  ///< For people; may be empty.
  std::string error; ///< Not empty: the pull has failed, and why.
};
result<pull_message> decode_pull_message(std::string_view line);

/// How waiting for a container's removal ended: nothing, or the Engine's word on why it isn't removed.
result<done> decode_removal(std::string_view body);

/// One line of the event stream, about a container.
result<container_event> decode_event(std::string_view line);

/// The `message` of an error answer, if it has one.
std::optional<std::string> decode_message(std::string_view body);

} // namespace opr::docker
