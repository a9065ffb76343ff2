#include "actors/executor/adoption.hpp"

#include "actors/executor/workspace.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

namespace opr {

namespace {

using record_map = std::map<std::string, runtime_record>; ///< By runtime id.

/// Whether this life may serve what an earlier one has made, perhaps with other settings.
bool still_served(const executor_policy& policy, const runtime_record& what) {
  auto has = [](const auto& all, const auto& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  return !what.builds && has(policy.networks, what.network) &&
         (policy.generations.empty() || has(policy.generations, what.version));
}

record_map read_records(const executor_policy& policy) {
  record_map all;
  for (const auto& id : find_folders(policy.data_dir, policy.executor)) {
    auto record = read_record(folders_of(policy.data_dir, policy.executor, id), policy.executor, id);
    if (record && still_served(policy, *record))
      all.emplace(id, std::move(*record));
  }
  return all;
}

/// One look at all that was left. Each inspection holds it; when the last has let go, the supervisor gets
/// what was found.
class adoption_round {
public:
  adoption_round(services_ptr with, supervisor_actor supervisor, then<std::size_t> on_done)
      : with_(std::move(with)), supervisor_(std::move(supervisor)), on_done_(std::move(on_done)) {}
  ~adoption_round() {
    auto count = found_.size();
    auto in_table = [count, outcome = std::move(outcome_), tell = std::move(on_done_)](result<done> entered) {
      if (!entered)
        return tell(std::move(entered.error()));
      if (!outcome)
        return tell(outcome.error());
      tell(count);
    };
    caf::anon_send(supervisor_, atom::adopt_v,
                   std::make_shared<adoption>(std::move(found_), std::move(in_table)));
  }
  adoption_round(const adoption_round&) = delete;
  adoption_round& operator=(const adoption_round&) = delete;

  void take(adopted_container&& what, result<docker::container_state> state) {
    auto keep = state && is_serving(what, *state);
    if (!keep)
      with_->runtimes.release(what.record.runtime_id);
    std::lock_guard lock{mutex_};
    if (keep)
      found_.push_back(std::move(what));
    else if (!state && state.error().code != ec::container_not_found)
      outcome_ = std::move(state.error());
  }

  const services_ptr& with() const noexcept { return with_; }

private:
  /// Also completes what is known of it.
  static bool is_serving(adopted_container& what, const docker::container_state& state) {
    auto address = state.ip_addresses.find(what.record.network);
    if (!state.running || state.status != "running" || state.hostname != what.record.hostname ||
        address == state.ip_addresses.end() || address->second.empty())
      return false;
    what.ip_address = address->second;
    what.pid = state.pid;
    return true;
  }

  services_ptr with_;
  supervisor_actor supervisor_;
  then<std::size_t> on_done_;
  std::mutex mutex_;
  std::vector<adopted_container> found_;
  result<done> outcome_ = done{};
};

void inspect_all(const std::shared_ptr<adoption_round>& round, record_map records,
                 const std::vector<docker::container_summary>& containers, time_point deadline) {
  const auto& with = round->with();
  for (const auto& container : containers) {
    auto id = container.labels.find(runtime_label);
    auto record = id == container.labels.end() ? records.end() : records.find(id->second);
    if (record == records.end() || container.state != "running" ||
        container.name != with->policy.executor + "-" + id->second || !with->runtimes.acquire(id->second))
      continue;
    auto what = std::make_shared<adopted_container>(
        adopted_container{std::move(record->second), container.id, {}, 0});
    records.erase(record);
    with->engine.inspect_container(container.id, deadline,
                                   [round, what](result<docker::container_state> state) {
                                     round->take(std::move(*what), std::move(state));
                                   });
  }
}

} // namespace

void adopt_leftovers(const services_ptr& with, const supervisor_actor& supervisor, time_point deadline,
                     then<std::size_t> on_done) {
  with->engine.list_containers(
      owner_label, with->policy.executor, deadline,
      [with, supervisor, deadline,
       on_done = std::move(on_done)](result<std::vector<docker::container_summary>> found) {
        if (!found)
          return on_done(std::move(found.error()));
        auto round = std::make_shared<adoption_round>(with, supervisor, on_done);
        auto containers = std::make_shared<std::vector<docker::container_summary>>(std::move(*found));
        with->run_blocking([round, containers, deadline] {
          inspect_all(round, read_records(round->with()->policy), *containers, deadline);
        });
      });
}

} // namespace opr
