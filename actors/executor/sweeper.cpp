#include "actors/executor/sweeper.hpp"

#include "actors/executor/leftovers.hpp"
#include "actors/executor/workspace.hpp"

#include <spdlog/spdlog.h>

#include <mutex>
#include <set>

namespace opr {

namespace {

using sweeper_ptr = sweeper_actor::stateful_pointer<sweeper_state>;

constexpr std::chrono::seconds engine_limit{60};

/// After a round that could not remove everything, the next comes sooner.
constexpr std::chrono::seconds retry_pause{10};

/// One round. Ids are acquired before anything of theirs is removed, so that no runtime comes into being
/// under them meanwhile, and released when the round is over.
class sweep_round {
public:
  /// @param only The one id that it is about; empty: all.
  sweep_round(services_ptr with, sweeper_actor by, removal_ptr call, std::string only)
      : with_(std::move(with)), by_(std::move(by)), call_(std::move(call)), only_(std::move(only)) {}
  ~sweep_round() {
    for (const auto& id : acquired_)
      with_->runtimes.release(id);
    if (!outcome_)
      caf::anon_send(by_, atom::broken_v, outcome_.error());
    call_->reply.give(std::move(outcome_));
  }
  sweep_round(const sweep_round&) = delete;
  sweep_round& operator=(const sweep_round&) = delete;

  /// Whether a runtime id is nobody's, and to be looked at.
  bool is_orphan(const std::string& id) {
    if (!only_.empty() && id != only_)
      return false;
    std::lock_guard lock{mutex_};
    if (acquired_.count(id) != 0)
      return true;
    if (!with_->runtimes.acquire(id))
      return false;
    spdlog::info("sweeper removes what is left of runtime {}", id);
    acquired_.insert(id);
    return true;
  }

  void note(result<done> one) {
    if (one)
      return;
    spdlog::error("sweeper: {}", one.error().detail);
    std::lock_guard lock{mutex_};
    outcome_ = std::move(one);
  }

  const services_ptr& with() const noexcept { return with_; }

private:
  services_ptr with_;
  sweeper_actor by_;
  removal_ptr call_;
  std::string only_;
  std::mutex mutex_;
  std::set<std::string> acquired_;
  result<done> outcome_ = done{};
};

void sweep_folders(const std::shared_ptr<sweep_round>& round) {
  round->with()->run_blocking([round] {
    const auto& policy = round->with()->policy;
    for (const auto& id : find_folders(policy.data_dir, policy.executor))
      if (round->is_orphan(id))
        round->note(remove_folders(folders_of(policy.data_dir, policy.executor, id), policy.executor, id));
  });
}

void sweep(sweeper_ptr self, removal_ptr call) {
  auto with = self->state.with;
  // Until all that an earlier life left has been looked at, only what a runtime of this life has left may go;
  // for the rest the engine watcher sends, as soon as it may be swept.
  auto only = with->adopted ? std::string{} : call->runtime_id;
  if (!with->adopted && only.empty()) {
    call->reply.give(done{});
    return;
  }
  auto round = std::make_shared<sweep_round>(with, sweeper_actor{self}, std::move(call), std::move(only));
  remove_containers_if(
      with, [round](const std::string& id) { return round->is_orphan(id); }, with->now() + engine_limit,
      [round](result<done> end) {
        round->note(std::move(end));
        sweep_folders(round);
      });
}

} // namespace

sweeper_actor::behavior_type sweeper(sweeper_ptr self, services_ptr with) {
  self->state.with = std::move(with);
  return {
      [self](atom::sweep, removal_ptr& call) { sweep(self, std::move(call)); },
      [self](atom::broken, const failure&) {
        auto& state = self->state;
        const auto now = state.with->now();
        state.retry.came(now);
        if (auto wait = state.retry.by(now + retry_pause, now))
          self->delayed_send(self, *wait, atom::sweep_v,
                             std::make_shared<removal_call>("", [](const result<done>&) {}));
      },
  };
}

} // namespace opr
