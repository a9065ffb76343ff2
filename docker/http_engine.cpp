#include "docker/http_engine.hpp"

#include "docker/calls/channel.hpp"
#include "docker/calls/exec.hpp"
#include "docker/calls/image.hpp"
#include "docker/calls/logs.hpp"
#include "docker/calls/network.hpp"
#include "docker/calls/network_assurances.hpp"
#include "docker/calls/remove.hpp"
#include "docker/calls/watch.hpp"
#include "docker/wire/decode.hpp"
#include "docker/wire/encode.hpp"
#include "docker/wire/target.hpp"

#include <utility>

namespace opr::docker {

namespace {

std::string describe(const net::address& where) {
  return where.unix_path.empty() ? "tcp://" + where.host + ":" + std::to_string(where.port)
                                 : "unix://" + where.unix_path;
}

class http_engine final : public engine {
public:
  explicit http_engine(std::shared_ptr<channel> way) : way_(std::move(way)) {}
  ~http_engine() override { way_->close(); }

  http_engine(const http_engine&) = delete;
  http_engine& operator=(const http_engine&) = delete;

  void ping(time_point deadline, then<done> on_done) override {
    way_->ask({"GET", "/_ping", {}, deadline},
              decoded<done>(engine_call::other, decode_nothing, std::move(on_done)));
  }

  void create_container(const container_spec& spec, time_point deadline, then<std::string> on_done) override {
    auto body = encode_container(spec);
    if (!body)
      return on_done(std::move(body.error()));
    auto target = std::string(api_prefix) + "/containers/create?name=" + spec.name;
    way_->ask({"POST", std::move(target), std::move(*body), deadline},
              decoded<std::string>(engine_call::create, decode_created, std::move(on_done)));
  }

  void start_container(const std::string& id, time_point deadline, then<done> on_done) override {
    about_container<done>("POST", id, "/start", deadline, decode_nothing, std::move(on_done));
  }

  void remove_container(const std::string& id, time_point deadline, then<done> on_done) override {
    start_removal(way_, id, deadline, std::move(on_done));
  }

  void inspect_container(const std::string& id, time_point deadline, then<container_state> on_done) override {
    about_container<container_state>("GET", id, "/json", deadline, decode_container, std::move(on_done));
  }

  void list_containers(const std::string& label, const std::string& value, time_point deadline,
                       then<std::vector<container_summary>> on_done) override {
    auto filters = encode_filters({{"label", label + "=" + value}});
    if (!filters)
      return on_done(std::move(filters.error()));
    way_->ask({"GET", std::string(api_prefix) + "/containers/json?all=1&filters=" + *filters, {}, deadline},
              decoded<std::vector<container_summary>>(engine_call::other, decode_container_list,
                                                      std::move(on_done)));
  }

  void container_logs(const std::string& id, int lines, time_point deadline,
                      then<std::string> on_done) override {
    fetch_logs(*way_, id, lines, deadline, std::move(on_done));
  }

  std::shared_ptr<operation> exec(const std::string& id, const std::vector<std::string>& argv,
                                  time_point deadline,
                                  std::function<void(stream, std::string_view)> on_output,
                                  then<int> on_done) override {
    return start_exec(way_, id, argv, deadline, std::move(on_output), std::move(on_done));
  }

  void container_cpu(const std::string& id, time_point deadline,
                     then<std::chrono::nanoseconds> on_done) override {
    about_container<std::chrono::nanoseconds>("GET", id, "/stats?stream=0&one-shot=1", deadline,
                                              decode_cpu_time, std::move(on_done));
  }

  void ensure_network(const std::string& name, bool apart, time_point deadline, then<done> on_done) override {
    if (auto told = assurances_->join(name, std::move(on_done)))
      start_ensure_network(way_, name, apart, deadline, std::move(*told));
  }

  void connect_network(const std::string& name, const std::string& container, time_point deadline,
                       then<done> on_done) override {
    start_connect_network(way_, name, container, deadline, std::move(on_done));
  }

  void has_image(const image_reference& image, time_point deadline, then<bool> on_done) override {
    look_for_image(*way_, image, deadline, std::move(on_done));
  }

  void remove_image(const image_reference& image, time_point deadline, then<done> on_done) override {
    take_image_away(*way_, image, deadline, std::move(on_done));
  }

  void pull_image(const image_reference& image, const registry_login& login, time_point deadline,
                  std::function<void(std::string_view)> on_progress, then<done> on_done) override {
    start_pull(*way_, image, login, deadline, std::move(on_progress), std::move(on_done));
  }

  std::shared_ptr<operation> watch(const std::string& label, const std::string& value, int64_t since,
                                   event_reader reader) override {
    return start_watch(*way_, label, value, since, std::move(reader));
  }

private:
  /// A call on one container that is a single request.
  template <class T>
  void about_container(const char* method, const std::string& id, const char* what, time_point deadline,
                       result<T> (*decode)(std::string_view), then<T> on_done) {
    auto target = object_target("containers", id, what);
    if (!target)
      return on_done(std::move(target.error()));
    way_->ask({method, std::move(*target), {}, deadline},
              decoded<T>(engine_call::container, decode, std::move(on_done)));
  }

  std::shared_ptr<channel> way_;
  std::shared_ptr<network_assurances> assurances_ = std::make_shared<network_assurances>();
};

} // namespace

std::unique_ptr<engine> make_http_engine(net::http_client& client, net::address where) {
  auto name = describe(where);
  return std::make_unique<http_engine>(
      std::make_shared<channel>(client.open(std::move(where)), std::move(name)));
}

} // namespace opr::docker
