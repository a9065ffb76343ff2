#include "support/api_under_test.hpp"

#include "http/api/answer/encode.hpp"
#include "http/api/executor_api.hpp"
#include "http/server/server.hpp"
#include "support/serving.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>

namespace opr::http::test {

namespace {

template <class T>
class queue {
public:
  void push(T one) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(one));
    came_.notify_one();
  }

  T next() {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, client::patience, [this] { return !waiting_.empty(); }))
      throw std::runtime_error("no call came");
    auto one = std::move(waiting_.front());
    waiting_.pop_front();
    return one;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<T> waiting_;
};

} // namespace

struct api_under_test::state {
  registry runtimes;
  queue<execution_ptr> executions;
  queue<command_ptr> commands;
  queue<follow_ptr> followers;
  usage_figures usage;
  std::atomic<bool> engine_answers{true};
  std::shared_ptr<work_gate> work = std::make_shared<work_gate>();
  later workers{1};
  executor_api api{context()};
  server front{options(), [this](request&& in, responder out) { api.handle(std::move(in), std::move(out)); }};

  api_context context() {
    return {std::string(api_key),
            false,
            {{generation::v2, generation::v5}},
            runtimes,
            supervisor_actor{},
            [this](execution_ptr call) { executions.push(std::move(call)); },
            [this](command_ptr call) { commands.push(std::move(call)); },
            [this](follow_ptr call) { followers.push(std::move(call)); },
            [this] { return usage; },
            [this] { return engine_answers.load(); },
            [this](std::function<void()> job) { workers.run_in({}, std::move(job)); },
            {},
            work};
  }

  static server_options options() {
    auto made = loopback();
    made.error_page = encode_front_end_error;
    return made;
  }
};

api_under_test::api_under_test() : state_(std::make_unique<state>()) { state_->front.start(); }

api_under_test::~api_under_test() = default;

uint16_t api_under_test::port() const { return state_->front.port(); }

execution_ptr api_under_test::next_execution() { return state_->executions.next(); }

command_ptr api_under_test::next_command() { return state_->commands.next(); }

follow_ptr api_under_test::next_follow() { return state_->followers.next(); }

void api_under_test::set_usage(usage_figures figures) { state_->usage = std::move(figures); }

void api_under_test::set_engine_answers(bool answers) { state_->engine_answers = answers; }

void api_under_test::close_gate() { state_->work->close(); }

bool api_under_test::is_idle() {
  return state_->work->await_empty(clock::now() + std::chrono::milliseconds(100));
}

std::string authorised(std::string_view method, std::string_view target, std::string_view fields,
                       std::string_view body) {
  std::string wire;
  wire.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer ");
  wire.append(api_key).append("\r\n").append(fields);
  wire.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return wire;
}

} // namespace opr::http::test
