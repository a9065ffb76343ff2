#include "world.hpp"

#include "actors/executor/container_plan.hpp"

#include <algorithm>
#include <utility>

namespace opr::test {

namespace {

const failure lost{ec::engine_unreachable, "the answer was lost"};

class model_call final : public net::call {
public:
  explicit model_call(std::function<void()> on_cancel) : on_cancel_(std::move(on_cancel)) {}
  void cancel() override { on_cancel_(); }
  void resume() override {}

private:
  std::function<void()> on_cancel_;
};

} // namespace

std::shared_ptr<net::call> model_upstream::send(net::outgoing, std::shared_ptr<net::response_reader> reader) {
  const auto number = next_++;
  waiting_.emplace(number, std::move(reader));
  auto self = weak_from_this();
  world_.add({"execution", time_point::max(), [self, number](bool good) {
                if (auto alive = self.lock())
                  alive->end(number, good);
              }});
  return std::make_shared<model_call>([] {});
}

void model_upstream::close() {
  for (auto& [number, reader] : std::exchange(waiting_, {}))
    reader->on_done({ec::cancelled, "closed"});
}

void model_upstream::end(uint64_t number, bool good) {
  auto found = waiting_.find(number);
  if (found == waiting_.end())
    return;
  auto reader = std::move(found->second);
  waiting_.erase(found);
  const auto* container = world_.at(address_);
  if (container == nullptr || !container->running)
    return reader->on_done({world_.one_in(2) ? ec::connect_failed : ec::connection_broken, "it is gone"});
  if (!good)
    return reader->on_done({world_.one_in(4) ? ec::connect_failed : ec::connection_broken, "broke"});
  reader->on_head({200, {}});
  reader->on_body("answer");
  reader->on_done({ec::none, {}});
}

void world::end(std::size_t index, bool good) {
  std::swap(pending[index], pending.back());
  auto step = std::move(pending.back());
  pending.pop_back();
  step.end(good || is_calm);
}

void world::end_late() {
  for (std::size_t i = 0; i < pending.size();)
    if (pending[i].deadline <= now()) {
      end(i, false);
      i = 0;
    } else {
      ++i;
    }
}

model_container* world::find(const std::string& id_or_name) {
  for (auto& [id, one] : containers)
    if (id == id_or_name || one.name == id_or_name)
      return &one;
  return nullptr;
}

model_container* world::at(const std::string& address) {
  return find("c" + address.substr(address.rfind('.') + 1));
}

std::size_t world::serving(const model_container& one) const {
  std::size_t count = 0;
  for (const auto& each : upstreams)
    if (auto alive = each.lock(); alive && const_cast<world*>(this)->at(alive->address()) == &one)
      count += alive->in_flight();
  return count;
}

template <class T>
void world::later(std::string what, time_point until, then<T> on_done,
                  std::function<result<T>(bool good)> outcome) {
  add({std::move(what), until,
       [on_done = std::move(on_done), outcome = std::move(outcome)](bool good) { on_done(outcome(good)); }});
}

/// One that is told to stop in the middle gives its place to another, though the Engine isn't done with it.
void world::starting(const std::string& runtime_id) {
  pending.back().starts = runtime_id;
  auto counts = [this](const pending_step& one) { return !one.starts.empty() && is_routed(one.starts); };
  most_starting = std::max(most_starting,
                           static_cast<std::size_t>(std::count_if(pending.begin(), pending.end(), counts)));
}

void world::create_container(const docker::container_spec& spec, time_point until,
                             then<std::string> on_done) {
  auto outcome = [this, name = spec.name,
                  runtime = spec.labels.at(runtime_label)](bool good) -> result<std::string> {
    if (find(name) != nullptr)
      return {ec::container_conflict, name};
    if (!good && one_in(3))
      return {ec::image_not_found, "no such image"};
    if (!good && one_in(2))
      return {ec::engine_failed, "it can't"};
    auto id = "c" + std::to_string(++made_);
    containers[id] = {id, name, runtime, false};
    return good ? result<std::string>(id) : result<std::string>(lost);
  };
  later<std::string>("create " + spec.name, until, std::move(on_done), outcome);
  starting(spec.labels.at(runtime_label));
}

void world::start_container(const std::string& id, time_point until, then<done> on_done) {
  auto outcome = [this, id](bool good) -> result<done> {
    auto* one = find(id);
    if (one == nullptr)
      return {ec::container_not_found, id};
    if (!good && one_in(2))
      return {ec::engine_failed, "it can't"};
    one->running = true;
    return good ? result<done>(done{}) : result<done>(lost);
  };
  later<done>("start " + id, until, std::move(on_done), outcome);
  if (const auto* one = find(id))
    starting(one->runtime_id);
}

void world::remove_container(const std::string& id, time_point until, then<done> on_done) {
  if (const auto* one = find(id);
      one && one->running && serving(*one) > 0 && unwanted.count(one->runtime_id) == 0)
    faults.push_back("the busy runtime " + one->runtime_id + " is removed");
  auto outcome = [this, id](bool good) -> result<done> {
    if (!good && one_in(2))
      return {ec::engine_failed, "it can't"};
    if (auto* one = find(id))
      containers.erase(one->id);
    return good ? result<done>(done{}) : result<done>(lost);
  };
  later<done>("remove " + id, until, std::move(on_done), outcome);
}

void world::inspect_container(const std::string& id, time_point until,
                              then<docker::container_state> on_done) {
  auto outcome = [this, id](bool good) -> result<docker::container_state> {
    const auto* one = find(id);
    if (!good)
      return lost;
    if (one == nullptr)
      return {ec::container_not_found, id};
    docker::container_state state;
    state.id = one->id;
    state.running = one->running;
    state.exit_code = one->running ? 0 : 137;
    state.ip_addresses["net"] = "10.0.0." + one->id.substr(1);
    return state;
  };
  later<docker::container_state>("inspect " + id, until, std::move(on_done), outcome);
}

void world::list_containers(const std::string&, const std::string&, time_point until,
                            then<std::vector<docker::container_summary>> on_done) {
  auto outcome = [this](bool good) -> result<std::vector<docker::container_summary>> {
    if (!good)
      return lost;
    std::vector<docker::container_summary> all;
    for (const auto& [id, one] : containers)
      all.push_back({id, one.name, one.running ? "running" : "exited", {{runtime_label, one.runtime_id}}});
    return all;
  };
  later<std::vector<docker::container_summary>>("list", until, std::move(on_done), outcome);
}

void world::container_logs(const std::string& id, int, time_point until, then<std::string> on_done) {
  later<std::string>("logs " + id, until, std::move(on_done), [](bool good) {
    return good ? result<std::string>(std::string("last words")) : result<std::string>(lost);
  });
}

std::shared_ptr<docker::operation> world::exec(const std::string& id, const std::vector<std::string>&,
                                               time_point until,
                                               std::function<void(docker::stream, std::string_view)>,
                                               then<int> on_done) {
  auto outcome = [this, id](bool good) -> result<int> {
    const auto* one = find(id);
    if (one == nullptr || !one->running)
      return {ec::container_not_found, id};
    return good ? result<int>(0) : one_in(2) ? result<int>(1) : result<int>(lost);
  };
  later<int>("exec " + id, until, std::move(on_done), outcome);
  return nullptr;
}

void world::pull_image(const image_reference&, const docker::registry_login&, time_point until,
                       std::function<void(std::string_view)>, then<done> on_done) {
  later<done>("pull", until, std::move(on_done), [](bool good) {
    return good ? result<done>(done{}) : result<done>(ec::image_not_found, "the registry doesn't have it");
  });
}

std::shared_ptr<net::upstream> world::open(net::address where) {
  auto made = std::make_shared<model_upstream>(*this, where.host);
  upstreams.push_back(made);
  return made;
}

void world::fetch(const std::string& key, const std::string&, time_point until, then<done> on_done) {
  later<done>("fetch", until, std::move(on_done), [key](bool good) {
    return good ? result<done>(done{}) : result<done>(ec::source_not_found, key);
  });
}

void world::store(const std::string&, const std::string& key, time_point until, then<uint64_t> on_done) {
  later<uint64_t>("store", until, std::move(on_done), [key](bool good) {
    return good ? result<uint64_t>(uint64_t{1}) : result<uint64_t>(ec::storage_full, key);
  });
}

void world::fetch_if_changed(const std::string& key, const std::string&, const std::string&, time_point until,
                             then<storage::fetched> on_done) {
  later<storage::fetched>("fetch", until, std::move(on_done), [key](bool good) {
    return good ? result<storage::fetched>(storage::fetched{})
                : result<storage::fetched>(ec::source_not_found, key);
  });
}

void world::replace(const std::string& local_path, const std::string& key, time_point until,
                    then<uint64_t> on_done) {
  store(local_path, key, until, std::move(on_done));
}

std::shared_ptr<net::probe> world::await_port(const net::address& where, time_point until, then<done> found) {
  auto end = [this, host = where.host, found = std::move(found)](bool good) {
    const auto* one = at(host);
    good&& one != nullptr && one->running ? found(done{}) : found({ec::deadline_passed, "nobody listens"});
  };
  add({"port", until, std::move(end)});
  return nullptr;
}

} // namespace opr::test
