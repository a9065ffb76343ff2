#include "actors/executor/usage.hpp"

#include <algorithm>
#include <thread>

namespace opr {

namespace {

using usage_ptr = usage_actor::stateful_pointer<usage_state>;

constexpr std::chrono::seconds pause{5};
constexpr std::chrono::seconds ask_limit{5};

/// Questions to the Engine at once. An old Engine (20.10) answers each with its next sample, after up to a
/// second, and spends about 3 ms of a processor on it.
constexpr int most_questions = 8;

/// One round of measuring. Whatever becomes of it, its end is told: by the last who holds it.
class measuring : public std::enable_shared_from_this<measuring> {
public:
  measuring(services_ptr with, usage_actor by) : with_(std::move(with)), by_(std::move(by)) {}
  ~measuring() { caf::anon_send(by_, std::make_shared<const cpu_sample>(std::move(sample_))); }
  measuring(const measuring&) = delete;
  measuring& operator=(const measuring&) = delete;

  void read(const kernel_files& files) {
    sample_.host = read_host_cpu(files);
    for (auto& one : with_->runtimes.containers())
      if (auto used = read_container_cpu(files, one.container_id, one.pid))
        sample_.containers.push_back({std::move(one), *used, with_->now()});
      else
        hidden_.push_back(std::move(one));
    for (int i = 0; i < most_questions; ++i)
      ask_next();
  }

private:
  /// An Engine that doesn't answer is not asked on.
  void ask_next() {
    std::unique_lock lock{mutex_};
    if (hidden_.empty())
      return;
    auto one = std::move(hidden_.back());
    hidden_.pop_back();
    lock.unlock();
    auto id = one.container_id;
    auto answered = [self = shared_from_this(), one = std::move(one)](result<std::chrono::nanoseconds> used) {
      self->note(one, used);
      self->ask_next();
    };
    with_->engine.container_cpu(id, with_->now() + ask_limit, std::move(answered));
  }

  void note(const live_container& one, const result<std::chrono::nanoseconds>& used) {
    std::lock_guard lock{mutex_};
    if (used)
      sample_.containers.push_back({one, *used, with_->now()});
    else if (used.error().code != ec::container_not_found)
      hidden_.clear();
  }

  services_ptr with_;
  usage_actor by_;
  std::mutex mutex_;
  cpu_sample sample_;
  std::vector<live_container> hidden_; ///< Containers whose files can't be seen, not asked for yet.
};

void measure(usage_ptr self) {
  auto& state = self->state;
  auto round = std::make_shared<measuring>(state.with, usage_actor{self});
  state.with->run_short([round, files = state.files] { round->read(files); });
}

} // namespace

void usage_board::publish(const usage_figures& figures) {
  auto next = std::make_shared<snapshot>();
  next->host = figures.host;
  next->runtimes.insert(figures.runtimes.begin(), figures.runtimes.end());
  std::lock_guard lock{mutex_};
  newest_ = std::move(next);
}

usage_figures usage_board::read(const registry& runtimes) const {
  std::unique_lock lock{mutex_};
  auto newest = newest_;
  lock.unlock();
  usage_figures figures;
  figures.host = newest->host;
  for (auto& id : runtimes.ids()) {
    auto found = newest->runtimes.find(id);
    figures.runtimes.emplace_back(std::move(id), found == newest->runtimes.end() ? 0 : found->second);
  }
  return figures;
}

usage_actor::behavior_type usage(usage_ptr self, services_ptr with, std::shared_ptr<usage_board> board,
                                 kernel_files files) {
  auto& state = self->state;
  state.with = std::move(with);
  state.board = std::move(board);
  state.files = std::move(files);
  state.meter = cpu_meter{std::max(1U, std::thread::hardware_concurrency())};
  self->send(self, atom::tick_v);
  return {
      [self](atom::tick) { measure(self); },
      [self](const cpu_sample_ptr& sample) {
        self->state.board->publish(self->state.meter.take(*sample));
        self->delayed_send(self, pause, atom::tick_v);
      },
  };
}

} // namespace opr
