#include "proxy_under_test.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>
#include <vector>

using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// A Sentry that takes all it is told.
class provider {
public:
  std::string settings() const {
    return "logging_config: sentry://k3y@127.0.0.1:" + std::to_string(server_.where().port) +
           "/42?insecure=true\n";
  }
  /// Waits for a report that holds this text. @returns It.
  std::string wait_for(const std::string& text) {
    std::unique_lock lock(mutex_);
    std::string found;
    came_.wait_for(lock, 30s, [&] {
      for (const auto& one : received_)
        if (one.find(text) != std::string::npos)
          found = one;
      return !found.empty();
    });
    return found;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> received_;
  scripted_server server_{[this](peer& client) {
    for (;;) {
      auto request = client.request();
      client.send(ok("{}"));
      std::lock_guard lock(mutex_);
      received_.push_back(std::move(request));
      came_.notify_all();
    }
  }};
};

} // namespace

TEST_CASE("an executor tells its logging provider of answers of 500, and no secret", "[reporting]") {
  provider sentry;
  executor_under_test executor(sentry.settings());
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  CHECK(executor.execute("none").status == 404);
  auto answer = executor.call("POST", "/v1/runtimes/one/commands",
                              R"({"command": "echo )" + executor_under_test::secret() +
                                  R"(; sleep 20", "timeout": 1})");
  CHECK(answer.status == 500);
  auto report = sentry.wait_for("command_timeout");
  CHECK(report.find("POST /api/42/store/") == 0);
  CHECK(report.find("/v1/runtimes/{runtimeId}/commands") != std::string::npos);
  CHECK(report.find(R"("runtime_id":"one")") != std::string::npos);
  CHECK(report.find(executor_under_test::secret()) == std::string::npos);
  CHECK(report.find("runtime_not_found") == std::string::npos);
}

TEST_CASE("a proxy tells its logging provider when nobody is left to answer", "[reporting][proxy]") {
  provider sentry;
  opr::net::address nobody;
  auto port = bind_free_port(nobody, -1); // Refuses connections.
  proxy_under_test proxy({nobody.port}, sentry.settings());
  CHECK(proxy.execute("one").status == 503);
  CHECK(!sentry.wait_for("POST /api/42/store/").empty());
}
