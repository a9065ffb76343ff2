#pragma once

#include "busybox_image.hpp"
#include "core/random_id.hpp"
#include "docker/http_engine.hpp"
#include "net/io_threads.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

namespace opr::docker {

using namespace std::chrono_literals;

/// The machine's Engine. Without one every test fails: the first call throws. What a test makes carries the
/// label `opr-test=<mark>` and is removed in the end.
class real_engine {
public:
  real_engine() {
    require(await<done>([&](then<done> told) { docker->ping(soon(), std::move(told)); }));
  }

  ~real_engine() {
    auto left = list();
    if (left)
      for (const auto& container : *left)
        (void)await<done>(
            [&](then<done> told) { docker->remove_container(container.id, soon(), std::move(told)); });
  }

  real_engine(const real_engine&) = delete;
  real_engine& operator=(const real_engine&) = delete;

  static time_point soon() { return clock::now() + 30s; }

  /// Starts a call and waits for its outcome.
  template <class T>
  static result<T> await(const std::function<void(then<T>)>& start) {
    return begin<T>(start).get();
  }

  /// Starts a call whose outcome is looked at later.
  template <class T>
  static std::future<result<T>> begin(const std::function<void(then<T>)>& start) {
    auto told = std::make_shared<std::promise<result<T>>>();
    start([told](result<T> value) { told->set_value(std::move(value)); });
    return told->get_future();
  }

  /// The value, or a failed test that says why there is none.
  template <class T>
  static T require(result<T> outcome) {
    if (!outcome)
      FAIL(to_string(outcome.error().code) << ": " << outcome.error().detail);
    return std::move(*outcome);
  }

  container_spec spec(std::vector<std::string> command = {}) const {
    container_spec spec;
    spec.name = "opr-test-" + random_hex(12);
    spec.image = test::busybox_image();
    spec.command = std::move(command);
    spec.labels = {{"opr-test", mark}};
    spec.network = "none";
    return spec;
  }

  result<std::string> create(const container_spec& from) {
    return await<std::string>(
        [&](then<std::string> told) { docker->create_container(from, soon(), std::move(told)); });
  }
  result<done> start(const std::string& id) {
    return await<done>([&](then<done> told) { docker->start_container(id, soon(), std::move(told)); });
  }
  result<done> remove(const std::string& id) {
    return await<done>([&](then<done> told) { docker->remove_container(id, soon(), std::move(told)); });
  }
  result<container_state> inspect(const std::string& id) {
    return await<container_state>(
        [&](then<container_state> told) { docker->inspect_container(id, soon(), std::move(told)); });
  }
  result<std::vector<container_summary>> list() {
    return await<std::vector<container_summary>>([&](then<std::vector<container_summary>> told) {
      docker->list_containers("opr-test", mark, soon(), std::move(told));
    });
  }

  /// Id of a container that runs.
  std::string running(const container_spec& from) {
    auto id = require(create(from));
    require(start(id));
    return id;
  }
  std::string running() { return running(spec()); }

  std::string mark = random_hex(16);
  net::io_threads io;
  std::unique_ptr<net::http_client> client = net::make_http_client(io);
  std::unique_ptr<engine> docker = make_http_engine(*client, {"/var/run/docker.sock", {}, 0});
};

} // namespace opr::docker
