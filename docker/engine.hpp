#pragma once

#include "core/clock.hpp"
#include "core/image_reference.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr::docker {

/// A host folder seen inside a container.
struct bind_mount {
  std::string host_path;
  std::string container_path;
};

/// What a container may do besides what its processor and memory limits say. No process in it ever gains
/// privileges that it didn't begin with.
struct container_isolation {
  std::vector<std::string> capabilities; ///< Those kept, without `CAP_`; all others are dropped.
  unsigned pids = 0;                     ///< Processes and threads at once; 0: unlimited.
  unsigned open_files = 0;               ///< Descriptors of each process; 0: the Engine's default.
  unsigned log_mb = 0;                   ///< MB of its output that the Engine keeps; 0: the Engine's default.
  bool read_only = false;                ///< Only mounts and `writable` can be written to.
  std::vector<std::string> writable;     ///< Folders in memory, as absolute paths.
  std::string user;                      ///< `name`, `uid` or `uid:gid`; empty: the image's.
  std::string seccomp;                   ///< A profile's JSON; empty: the Engine's own.
  std::string runtime;                   ///< `runc`, `runsc`, …; empty: the Engine's default.
  std::vector<std::string> dns;          ///< IP addresses; none: the Engine's own.
  std::vector<std::string> extra_hosts;  ///< `name:address`
};

/// What a container is made from; the Engine's own words.
struct container_spec {
  std::string name;
  std::string hostname;
  std::string image;
  std::vector<std::string> command; ///< Empty: the image's own.
  std::vector<std::pair<std::string, std::string>> env;
  std::map<std::string, std::string> labels;
  std::string working_dir; ///< Empty: the image's own.
  std::string network;
  std::vector<bind_mount> mounts;
  double cpus = 0;             ///< Number of processors, 0: unlimited.
  uint64_t memory_mb = 0;      ///< MiB, 0: unlimited.
  uint64_t memory_swap_mb = 0; ///< MiB of memory and swap together; not above `memory_mb`: no swap.
  std::string restart_policy = "no";
  container_isolation isolation;
};

/// A container as the Engine describes it.
struct container_state {
  std::string id;
  std::string hostname; ///< Empty if the Engine tells none.
  std::string status;   ///< created, running, paused, restarting, removing, exited, dead
  bool running = false;
  bool oom_killed = false;
  int exit_code = 0;
  int pid = 0;                                     ///< 0 unless it runs.
  std::map<std::string, std::string> ip_addresses; ///< Network name → IPv4 address.
};

/// A row of the container list.
struct container_summary {
  std::string id;
  std::string name; ///< Without the leading slash.
  std::string state;
  std::map<std::string, std::string> labels;
  std::string image =
      {}; ///< As it was named when the container was created; an id if it lost that name; may be empty.
};

/// Something that happened to a container.
struct container_event {
  std::string action; ///< create, start, die, oom, destroy, pause, …
  std::string id;
  std::map<std::string, std::string> attributes; ///< Labels, `name`, `image`, `exitCode` …
  int64_t time_nano = 0;
};

/// What a registry wants to know before it gives an image away.
struct registry_login {
  std::string registry; ///< As Docker calls it: `https://index.docker.io/v1/`, `localhost:5000`.
  std::string username; ///< Empty: nothing is sent.
  std::string password;
};

/// Which stream a process inside a container wrote to.
enum class stream : uint8_t { std_in = 0, std_out = 1, std_err = 2 };

/// Something under way that can be ended early; dropping the handle doesn't end it.
class operation {
public:
  virtual ~operation() = default;
  /// Any thread. The operation ends with `ec::cancelled`. A process started by `exec` goes on.
  virtual void cancel() = 0;
};

/// Receives the Engine's events until it is cancelled or the connection ends.
struct event_reader {
  std::function<void()> on_open; ///< The Engine has accepted the subscription.
  std::function<void(container_event&&)> on_event;
  std::function<void(failure why)> on_end; ///< Once; the Engine went away or `cancel` was called.
};

/// The Docker Engine: one function per call, no policy. Asynchronous: callbacks come once, from the I/O
/// thread, and must not block; only an argument that cannot be sent (`ec::general_argument_invalid`) is
/// answered at once, on the caller's thread. Every call has a deadline, past which it fails with
/// `ec::deadline_passed`. Errors: `engine_unreachable` (nobody answers on the socket), `image_not_found`,
/// `container_conflict`, `container_not_found`, `network_not_found`, else `engine_failed` with the Engine's
/// message.
class engine {
public:
  virtual ~engine() = default;

  /// Whether the Engine answers.
  virtual void ping(time_point deadline, then<done> on_done) = 0;

  /// Creates a container and says its id. Nothing runs yet.
  virtual void create_container(const container_spec& spec, time_point deadline,
                                then<std::string> on_done) = 0;
  virtual void start_container(const std::string& id, time_point deadline, then<done> on_done) = 0;
  /// Kills and removes, volumes included. One that doesn't exist, or is being removed already and then gone,
  /// counts as removed.
  /// @param id Id or name.
  virtual void remove_container(const std::string& id, time_point deadline, then<done> on_done) = 0;
  virtual void inspect_container(const std::string& id, time_point deadline,
                                 then<container_state> on_done) = 0;
  /// Containers in any state that carry the label with that value.
  virtual void list_containers(const std::string& label, const std::string& value, time_point deadline,
                               then<std::vector<container_summary>> on_done) = 0;
  /// The last `lines` lines that a container wrote, both streams; of these the last 1 MiB.
  virtual void container_logs(const std::string& id, int lines, time_point deadline,
                              then<std::string> on_done) = 0;

  /// Runs a command inside a running container and says its exit code.
  /// @param on_output Called for every piece of output as it comes.
  virtual std::shared_ptr<operation> exec(const std::string& id, const std::vector<std::string>& argv,
                                          time_point deadline,
                                          std::function<void(stream, std::string_view)> on_output,
                                          then<int> on_done) = 0;

  /// Processor time that a container has used; none when it doesn't run. Costs the Engine a few milliseconds.
  virtual void container_cpu(const std::string& id, time_point deadline,
                             then<std::chrono::nanoseconds> on_done) = 0;

  /// Creates a bridge network unless one of that name exists; safe when several do so at once.
  /// @param apart Whether its containers are to be kept from each other; only for one that is created.
  virtual void ensure_network(const std::string& name, bool apart, time_point deadline,
                              then<done> on_done) = 0;
  /// Puts a running container into one more network; one that is in it already stays there.
  virtual void connect_network(const std::string& name, const std::string& container, time_point deadline,
                               then<done> on_done) = 0;

  /// Whether the Engine has the image.
  virtual void has_image(const image_reference& image, time_point deadline, then<bool> on_done) = 0;
  /// Fetches an image from its registry, or what is missing of it.
  /// @param on_progress Called with each line that the Engine says about it, several a second.
  virtual void pull_image(const image_reference& image, const registry_login& login, time_point deadline,
                          std::function<void(std::string_view)> on_progress, then<done> on_done) = 0;

  /// Takes an image's name away, and the image with its last one; that isn't done by force: an image that a
  /// container uses is `container_conflict`. One that isn't there counts as removed.
  virtual void remove_image(const image_reference& image, time_point deadline, then<done> on_done) = 0;

  /// Subscribes to the events of containers that carry the label with that value.
  /// @param since Unix time in nanoseconds from which to catch up, inclusive, as far as the Engine remembers
  /// (its last 256 events); 0: from now on.
  virtual std::shared_ptr<operation> watch(const std::string& label, const std::string& value, int64_t since,
                                           event_reader reader) = 0;
};

} // namespace opr::docker
