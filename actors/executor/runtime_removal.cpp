#include "actors/executor/leftovers.hpp"
#include "actors/executor/runtime_steps.hpp"
#include "actors/executor/workspace.hpp"
#include "core/utf8.hpp"

namespace opr {

namespace {

constexpr std::chrono::seconds engine_limit{60};

/// Output of a runtime that died while starting: the cause is usually in its last lines.
constexpr int last_lines = 20;
constexpr std::chrono::seconds last_lines_limit{5};
constexpr std::size_t last_bytes = 4096;

std::string last_part(const std::string& text) {
  return to_utf8(text.size() <= last_bytes ? text : text.substr(text.size() - last_bytes));
}

/// What the removal needs to know, apart from the actor: its steps run on other threads.
struct removal {
  runtime_actor me;
  services_ptr with;
  std::string runtime_id;
  std::string container_id;
  runtime_folders folders;
  std::string last_output;
  failure left{ec::none, {}}; ///< What could not be removed.
};
using shared_removal = std::shared_ptr<removal>;

void remove_files(const shared_removal& job) {
  job->with->run_blocking([job] {
    // Below a container that may still run, the folders stay: the sweeper removes both.
    if (job->left.code == ec::none)
      if (auto removed = remove_folders(job->folders, job->with->policy.executor, job->runtime_id); !removed)
        job->left = std::move(removed.error());
    caf::anon_send(job->me,
                   report{event::removed, std::move(job->left), std::move(job->last_output), nullptr});
  });
}

/// A container whose id never reached us (a lost answer to its creation) is known by its labels.
void remove_container(const shared_removal& job) {
  auto removed = [job](result<done> end) {
    if (!end)
      job->left = std::move(end.error());
    remove_files(job);
  };
  if (job->container_id.empty())
    return remove_containers_of(job->with, job->runtime_id, job->with->now() + engine_limit, removed);
  job->with->engine.remove_container(job->container_id, job->with->now() + engine_limit, removed);
}

void read_last_output(const shared_removal& job) {
  job->with->engine.container_logs(job->container_id, last_lines, job->with->now() + last_lines_limit,
                                   [job](result<std::string> text) {
                                     if (text)
                                       job->last_output = last_part(*text);
                                     remove_container(job);
                                   });
}

} // namespace

void remove_all(runtime_ptr self) {
  auto& state = self->state;
  const auto& id = state.order.request.runtime_id;
  state.working.release();
  if (state.probe)
    state.probe->cancel();
  if (state.build)
    state.build->cancel();
  if (state.link)
    state.link->server->close();
  auto job = std::make_shared<removal>(
      removal{self, state.with, id, state.container_id, state.order.container.folders, {}, {ec::none, {}}});
  auto died_starting = state.death && !state.ready_at && !state.ended;
  died_starting ? read_last_output(job) : remove_container(job);
}

} // namespace opr
