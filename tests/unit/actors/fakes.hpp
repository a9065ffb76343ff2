#pragma once

#include "docker/engine.hpp"
#include "net/http_client.hpp"
#include "net/port_probe.hpp"
#include "storage/device.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace opr::test {

/// Notes the calls and keeps their answers for the test to give: `create`, `start`, `inspect`, `remove` …
class scripted_engine : public docker::engine {
  struct stream_handle : docker::operation {
    explicit stream_handle(scripted_engine& of) : engine(of) {}
    void cancel() override { engine.stream_cancelled = true; }
    scripted_engine& engine;
  };

public:
  std::vector<std::string> calls; ///< In order, as `verb id`.
  std::deque<then<std::string>> creating;
  std::deque<then<done>> starting;
  std::deque<then<docker::container_state>> inspecting;
  std::deque<then<done>> removing;
  std::deque<then<int>> executing;
  std::deque<then<bool>> looking;
  std::deque<then<done>> pulling;
  std::deque<then<done>> removing_images;
  std::deque<then<std::chrono::nanoseconds>> measuring;
  std::function<void(std::string_view)> progress; ///< Of the newest pull.
  docker::registry_login last_login;
  docker::container_spec last_spec;
  std::string written; ///< What the next exec writes at once.
  std::string log = "last words";
  std::vector<docker::container_summary> listed;
  failure unlisted{ec::none, {}}; ///< Why containers can't be listed, if they can't.
  docker::event_reader events;
  failure unjoinable{ec::none, {}}; ///< Why no container can join a network, if none can.
  bool hangs = false;
  bool stream_cancelled = false;

  void ping(time_point, then<done> on_done) override {
    if (hangs)
      on_done({ec::deadline_passed, "hangs"});
    else
      on_done(done{});
  }
  void create_container(const docker::container_spec& spec, time_point, then<std::string> on_done) override {
    calls.push_back("create " + spec.name);
    last_spec = spec;
    creating.push_back(std::move(on_done));
  }
  void start_container(const std::string& id, time_point, then<done> on_done) override {
    calls.push_back("start " + id);
    starting.push_back(std::move(on_done));
  }
  void remove_container(const std::string& id, time_point, then<done> on_done) override {
    calls.push_back("remove " + id);
    removing.push_back(std::move(on_done));
  }
  void inspect_container(const std::string& id, time_point, then<docker::container_state> on_done) override {
    calls.push_back("inspect " + id);
    inspecting.push_back(std::move(on_done));
  }
  void list_containers(const std::string&, const std::string&, time_point,
                       then<std::vector<docker::container_summary>> on_done) override {
    calls.emplace_back("list");
    unlisted.code == ec::none ? on_done(listed) : on_done(unlisted);
  }
  void container_logs(const std::string& id, int, time_point, then<std::string> on_done) override {
    calls.push_back("logs " + id);
    on_done(log);
  }
  std::shared_ptr<docker::operation> exec(const std::string& id, const std::vector<std::string>&, time_point,
                                          std::function<void(docker::stream, std::string_view)> on_output,
                                          then<int> on_done) override {
    calls.push_back("exec " + id);
    if (!written.empty())
      on_output(docker::stream::std_out, written);
    executing.push_back(std::move(on_done));
    return nullptr;
  }
  void ensure_network(const std::string& name, bool, time_point, then<done> on_done) override {
    calls.push_back("network " + name);
    on_done(done{});
  }
  void container_cpu(const std::string& id, time_point, then<std::chrono::nanoseconds> on_done) override {
    calls.push_back("cpu " + id);
    measuring.push_back(std::move(on_done));
  }
  void connect_network(const std::string& name, const std::string& container, time_point,
                       then<done> on_done) override {
    calls.push_back("join " + name + " " + container);
    on_done(unjoinable.code == ec::none ? result<done>(done{}) : result<done>(unjoinable));
  }
  void has_image(const image_reference& image, time_point, then<bool> on_done) override {
    calls.push_back("look " + image.full());
    looking.push_back(std::move(on_done));
  }
  void remove_image(const image_reference& image, time_point, then<done> on_done) override {
    calls.push_back("remove-image " + image.full());
    removing_images.push_back(std::move(on_done));
  }
  void pull_image(const image_reference& image, const docker::registry_login& login, time_point,
                  std::function<void(std::string_view)> on_progress, then<done> on_done) override {
    calls.push_back("pull " + image.full());
    last_login = login;
    progress = std::move(on_progress);
    pulling.push_back(std::move(on_done));
  }
  std::shared_ptr<docker::operation> watch(const std::string&, const std::string&, int64_t since,
                                           docker::event_reader reader) override {
    calls.push_back("watch " + std::to_string(since));
    events = std::move(reader);
    return std::make_shared<stream_handle>(*this);
  }
};

/// Keeps requests for the test to answer.
class scripted_upstream : public net::upstream {
public:
  struct sent {
    net::outgoing request;
    std::shared_ptr<net::response_reader> reader;
    void answer(int status, header_list headers, std::string_view body) const {
      reader->on_head({status, std::move(headers)});
      reader->on_body(body);
      reader->on_done({ec::none, {}});
    }
    void fail(ec code) const { reader->on_done({code, "as scripted"}); }
  };
  std::deque<sent> requests;
  bool closed = false;

  struct handle : net::call {
    explicit handle(scripted_upstream& of) : upstream(of) {}
    void cancel() override { ++upstream.cancelled; }
    void resume() override { ++upstream.resumed; }
    scripted_upstream& upstream;
  };
  int cancelled = 0;
  int resumed = 0;

  std::shared_ptr<net::call> send(net::outgoing request,
                                  std::shared_ptr<net::response_reader> reader) override {
    requests.push_back({std::move(request), std::move(reader)});
    return std::make_shared<handle>(*this);
  }
  void close() override {
    closed = true;
    for (auto& one : std::exchange(requests, {}))
      one.fail(ec::cancelled);
  }
};

class scripted_client : public net::http_client {
public:
  std::shared_ptr<scripted_upstream> last = std::make_shared<scripted_upstream>();
  std::shared_ptr<net::upstream> open(net::address) override {
    return last = std::make_shared<scripted_upstream>();
  }
};

class scripted_device : public storage::device {
public:
  std::deque<then<done>> fetching;
  std::deque<then<uint64_t>> storing;
  void fetch(const std::string&, const std::string&, time_point, then<done> on_done) override {
    fetching.push_back(std::move(on_done));
  }
  void fetch_if_changed(const std::string&, const std::string&, const std::string&, time_point,
                        then<storage::fetched> on_done) override {
    fetching.emplace_back([on_done](result<done> end) {
      on_done(end ? result<storage::fetched>(storage::fetched{}) : result<storage::fetched>(end.error()));
    });
  }
  void store(const std::string&, const std::string&, time_point, then<uint64_t> on_done) override {
    storing.push_back(std::move(on_done));
  }
  void replace(const std::string&, const std::string&, time_point, then<uint64_t> on_done) override {
    storing.push_back(std::move(on_done));
  }
};

} // namespace opr::test
