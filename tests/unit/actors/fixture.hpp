#pragma once

#include "actors/executor/container_plan.hpp"
#include "actors/executor/services.hpp"
#include "fakes.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace opr::test {

/// The answer to a call, once it has come.
template <class T>
using awaited = std::shared_ptr<std::optional<result<T>>>;

/// Supervisor, sweeper and runtimes on a deterministic scheduler in virtual time; everything outside is
/// scripted.
class executor_fixture {
public:
  scripted_engine engine;
  scripted_client http;
  scripted_device storage;
  registry runtimes;
  struct port_wait {
    net::address where;
    time_point deadline;
    then<done> found;
  };
  std::deque<port_wait> ports;
  std::function<void()> folder_changes; ///< The last watched folder's.
  std::string data_dir;

  /// @param policy Its name, folder and networks are the fixture's unless set.
  /// @param max_executions,max_builds In flight; 0: any number.
  explicit executor_fixture(executor_policy policy = {}, unsigned max_executions = 0,
                            unsigned max_builds = 0);
  ~executor_fixture();
  executor_fixture(const executor_fixture&) = delete;
  executor_fixture& operator=(const executor_fixture&) = delete;

  void run();
  time_point now();
  void pass(clock::duration time);

  // What clients do.
  static execution_request warm_request(const std::string& id);
  static execution_request cold_request(const std::string& id);
  static runtime_request plain_runtime(const std::string& id);
  static runtime_request build_request(const std::string& id);
  awaited<execution_result> execute(execution_request request, std::function<bool()> abandoned = {});
  /// The same, as the front end does it; runs no actor.
  awaited<execution_result> dispatch(execution_request request,
                                     std::shared_ptr<execution_sink> sink = nullptr);
  awaited<created_runtime> create(runtime_request request);
  awaited<done> remove(const std::string& id);
  awaited<std::string> command(const std::string& id, const std::string& line, std::chrono::seconds timeout);
  awaited<done> follow(const std::string& id, std::shared_ptr<log_sink> into,
                       std::chrono::seconds timeout = std::chrono::seconds(600));
  awaited<done> drain();
  awaited<done> sweep();
  awaited<done> want_image(const std::string& image);
  awaited<done> want_networks();
  void verify();         ///< Events may have been lost.
  awaited<done> watch(); ///< Starts the engine watcher; answered when it has had its first look.
  /// The same, of an executor that may find what an earlier life left. The Engine answers, or has that
  /// trouble.
  awaited<done> start_next_life(ec engine_trouble = ec::none);
  bool engine_answers() const;
  /// Starts the measuring of processor time.
  /// @param kernel A folder that stands for `/`.
  void measure(const std::string& kernel);
  usage_figures usage_now() const;

  // What the world does. Each answers the oldest call of its kind.
  void fetched() { answer<done>(storage.fetching, done{}); }
  void created(const std::string& id = "c1") { answer<std::string>(engine.creating, id); }
  void started() { answer<done>(engine.starting, done{}); }
  void inspected(bool running = true, int exit_code = 0);
  void removed() { answer<done>(engine.removing, done{}); }
  void port_opens();
  void dies(const std::string& id, int exit_code, bool out_of_memory = false,
            const std::string& container = "c1");
  template <class T>
  void answer(std::deque<then<T>>& waiting, result<T> with_what) {
    if (waiting.empty())
      throw std::logic_error("nobody waits for that answer");
    {
      auto to = std::move(waiting.front()); // What it holds goes with the call, as in life.
      waiting.pop_front();
      to(std::move(with_what));
    }
    run();
  }

  /// A build of that id, from its creation to the running build command.
  awaited<created_runtime> start_build(runtime_request request);
  /// What `script` writes meanwhile.
  void build_writes(const std::string& id, const std::string& log, const std::string& timings);
  /// From the cold start to the launched container.
  void launch();
  /// A runtime that serves; its first execution has been answered.
  void start_ready_runtime(const std::string& id);
  /// The connection of the oldest forwarded execution ends so.
  void connection_fails(ec code);

  uint64_t refused(bound by) const;
  std::size_t count(const std::string& verb) const;
  /// Messages that actors have sent to come later.
  std::size_t ticks_under_way() const;
  bool nothing_left() const;

private:
  struct actors; // Kept out of here: CAF's templates make every file that sees them slow to compile.
  std::unique_ptr<actors> actors_;
};

} // namespace opr::test
