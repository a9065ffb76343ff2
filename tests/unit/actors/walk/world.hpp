#pragma once

#include "docker/engine.hpp"
#include "net/http_client.hpp"
#include "net/port_probe.hpp"
#include "storage/device.hpp"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace opr::test {

/// Something that the executor has asked for and that ends later, well or badly, or at its deadline.
struct pending_step {
  std::string what;
  time_point deadline = time_point::max();
  std::function<void(bool good)> end; ///< Called once.
  std::string starts = {};            ///< The runtime whose container is being made or started.
};

/// A container as the model's Engine has it.
struct model_container {
  std::string id;
  std::string name;
  std::string runtime_id;
  bool running = false;
};

class world;

/// The connections to one container; requests wait for the world to answer or break them.
class model_upstream final : public net::upstream, public std::enable_shared_from_this<model_upstream> {
public:
  model_upstream(world& in, std::string address) : world_(in), address_(std::move(address)) {}

  std::shared_ptr<net::call> send(net::outgoing request,
                                  std::shared_ptr<net::response_reader> reader) override;
  void close() override;
  std::size_t in_flight() const noexcept { return waiting_.size(); }
  const std::string& address() const noexcept { return address_; }

private:
  void end(uint64_t number, bool good);

  world& world_;
  const std::string address_;
  std::map<uint64_t, std::shared_ptr<net::response_reader>> waiting_;
  uint64_t next_ = 0;
};

/// Engine, runtimes, ports and storage as a model whose every answer is a step of its own, in any order, well
/// or badly. It keeps to what the real ones do: a name is taken once, what is removed is gone, and an answer
/// that is lost may stand for work that was done.
class world final : public docker::engine, public net::http_client, public storage::device {
public:
  explicit world(uint64_t seed) : chance_(seed) {}

  std::function<time_point()> now;
  std::function<bool(const std::string& runtime_id)> is_routed; ///< It wasn't told to stop.
  std::vector<pending_step> pending;
  std::map<std::string, model_container> containers; ///< By id.
  std::vector<std::string> faults;                   ///< What the executor did that it never may.
  std::size_t most_starting = 0;                     ///< Creates and starts that were under way at once.
  bool is_calm = false;                              ///< From now on everything ends well.

  bool one_in(unsigned n) { return chance_() % n == 0; }
  std::size_t below(std::size_t n) { return chance_() % n; }
  void add(pending_step step) { pending.push_back(std::move(step)); }
  /// Ends one of the steps.
  void end(std::size_t index, bool good);
  /// Ends those whose time is over.
  void end_late();

  model_container* find(const std::string& id_or_name);
  model_container* at(const std::string& address); ///< `10.0.0.<number of the container>`
  /// Executions that a container works on.
  std::size_t serving(const model_container& one) const;
  /// A removal of that runtime has a reason besides idleness.
  std::set<std::string> unwanted;
  std::vector<std::weak_ptr<model_upstream>> upstreams;

  // docker::engine
  void ping(time_point, then<done> on_done) override { on_done(done{}); }
  void create_container(const docker::container_spec& spec, time_point until,
                        then<std::string> on_done) override;
  void start_container(const std::string& id, time_point until, then<done> on_done) override;
  void remove_container(const std::string& id, time_point until, then<done> on_done) override;
  void inspect_container(const std::string& id, time_point until,
                         then<docker::container_state> on_done) override;
  void list_containers(const std::string& label, const std::string& value, time_point until,
                       then<std::vector<docker::container_summary>> on_done) override;
  void container_logs(const std::string& id, int lines, time_point until, then<std::string> on_done) override;
  std::shared_ptr<docker::operation> exec(const std::string& id, const std::vector<std::string>& argv,
                                          time_point until,
                                          std::function<void(docker::stream, std::string_view)> on_output,
                                          then<int> on_done) override;
  void container_cpu(const std::string&, time_point, then<std::chrono::nanoseconds> on_done) override {
    on_done(std::chrono::nanoseconds{1});
  }
  void ensure_network(const std::string&, bool, time_point, then<done> on_done) override { on_done(done{}); }
  void connect_network(const std::string&, const std::string&, time_point, then<done> on_done) override {
    on_done(done{});
  }
  void has_image(const image_reference&, time_point, then<bool> on_done) override { on_done(true); }
  void remove_image(const image_reference&, time_point, then<done> on_done) override { on_done(done{}); }
  void pull_image(const image_reference& image, const docker::registry_login& login, time_point until,
                  std::function<void(std::string_view)> on_progress, then<done> on_done) override;
  std::shared_ptr<docker::operation> watch(const std::string&, const std::string&, int64_t,
                                           docker::event_reader) override {
    return nullptr; // events are steps of the walk
  }

  // net::http_client
  std::shared_ptr<net::upstream> open(net::address where) override;

  // storage::device
  void fetch(const std::string& key, const std::string& local_path, time_point until,
             then<done> on_done) override;
  void fetch_if_changed(const std::string& key, const std::string& known_version,
                        const std::string& local_path, time_point until,
                        then<storage::fetched> on_done) override;
  void store(const std::string& local_path, const std::string& key, time_point until,
             then<uint64_t> on_done) override;
  void replace(const std::string& local_path, const std::string& key, time_point until,
               then<uint64_t> on_done) override;

  std::shared_ptr<net::probe> await_port(const net::address& where, time_point until, then<done> found);

private:
  template <class T>
  void later(std::string what, time_point until, then<T> on_done,
             std::function<result<T>(bool good)> outcome);
  void starting(const std::string& runtime_id);

  std::mt19937_64 chance_;
  uint64_t made_ = 0;
};

} // namespace opr::test
