#include "proxy_under_test.hpp"
#include "tests/integration/http/support/client.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <future>
#include <map>
#include <set>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;
using opr::http::test::client;

namespace {

/// Plain servers, each of which answers with its own number.
struct plain_servers {
  explicit plain_servers(int count) {
    for (int i = 0; i < count; ++i)
      all.push_back(std::make_unique<scripted_server>([i](peer& caller) {
        for (;;) {
          caller.request();
          caller.send(ok(std::to_string(i)));
        }
      }));
  }
  std::vector<uint16_t> ports() const {
    std::vector<uint16_t> found;
    for (const auto& one : all)
      found.push_back(one->where().port);
    return found;
  }
  std::vector<std::unique_ptr<scripted_server>> all;
};

std::map<std::string, int> answers(const proxy_under_test& proxy, int requests,
                                   const header_list& headers = {}) {
  std::map<std::string, int> counts;
  for (int i = 0; i < requests; ++i)
    ++counts[proxy.call("GET", "/", headers).body];
  return counts;
}

std::size_t runtimes_of(const executor_under_test& executor) {
  return executor.call("GET", "/v1/runtimes").json.Size();
}

std::string keyed_get(const std::string& fields = {}) {
  return "GET / HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + proxy_under_test::secret() + "\r\n" +
         fields + "\r\n";
}

} // namespace

TEST_CASE("two plain servers take turns behind a proxy without health checks", "[proxy]") {
  plain_servers servers{2};
  proxy_under_test proxy{servers.ports(), "algorithm: round-robin\nhealthcheck: disabled\n"};
  CHECK(proxy.call("GET", "/v1/proxy/health").body == "OK");
  auto first = proxy.call("GET", "/").body;
  for (int i = 0; i < 5; ++i) {
    auto second = proxy.call("GET", "/").body;
    CHECK(second != first);
    first = second;
  }
}

TEST_CASE("each algorithm chooses in its way", "[proxy]") {
  plain_servers servers{3};
  auto ports = servers.ports();
  CHECK(answers(proxy_under_test{ports, "algorithm: first\n"}, 6) == std::map<std::string, int>{{"0", 6}});
  CHECK(answers(proxy_under_test{ports, "algorithm: last\n"}, 6) == std::map<std::string, int>{{"2", 6}});
  CHECK(answers(proxy_under_test{ports, "algorithm: round-robin\n"}, 6) ==
        std::map<std::string, int>{{"0", 2}, {"1", 2}, {"2", 2}});
  CHECK(answers(proxy_under_test{ports, "algorithm: random\n"}, 60).size() == 3);
  proxy_under_test hash{ports, "algorithm: hash\n"};
  std::set<std::string> owners;
  for (int i = 0; i < 12; ++i) {
    auto found = answers(hash, 3, for_runtime("runtime-" + std::to_string(i)));
    CHECK(found.size() == 1);
    owners.insert(found.begin()->first);
  }
  CHECK(owners.size() == 3);
}

TEST_CASE("a runtime stays where it was sent, unless the caller wants any executor", "[proxy]") {
  plain_servers servers{3};
  proxy_under_test proxy{servers.ports(), "algorithm: random\nhealthcheck: disabled\n"};
  CHECK(answers(proxy, 30, for_runtime("r")).size() == 1);
  CHECK(answers(proxy, 60, for_runtime("r", "anycast-fast")).size() == 3);
}

TEST_CASE("an execution is started cold on one executor and is warm there from then on", "[proxy]") {
  executor_under_test one;
  executor_under_test two;
  executor_under_test three;
  proxy_under_test proxy{{one.port(), two.port(), three.port()}, "algorithm: round-robin\n"};
  for (auto* executor : {&one, &two, &three})
    CHECK(proxy.status_of(executor->port()) == "online");
  auto cold = proxy.execute("hello", one.cold("hello").with("path", "/?name=proxy"));
  INFO(cold.text);
  REQUIRE(cold.status == 200);
  CHECK(cold.string("body").find("Hello, proxy!") != std::string::npos);
  for (int i = 0; i < 6; ++i)
    CHECK(proxy.execute("hello").status == 200);
  CHECK(runtimes_of(one) + runtimes_of(two) + runtimes_of(three) == 1);

  CHECK(request("127.0.0.1", proxy.port(), "GET", "/v1/runtimes").status == 401);
  CHECK(request("127.0.0.1", proxy.port(), "GET", "/v1/runtimes",
                {{"authorization", "Bearer " + executor_under_test::secret()}})
            .status == 401);
}

TEST_CASE(
    "by hash, each of 50 runtimes stays on one of three executors, and only those of one that leaves move",
    "[proxy]") {
  executor_under_test one;
  executor_under_test two;
  executor_under_test three;
  std::vector<executor_under_test*> all{&one, &two, &three};
  proxy_under_test proxy{{one.port(), two.port(), three.port()}, "algorithm: hash\n"};
  auto parameters = object{}
                        .with("image", "opr-demo/static:v5-1.0")
                        .with("source", one.archive("hello"))
                        .with("timeout", 60.0);
  auto execute_all = [&] {
    std::vector<std::future<unsigned>> callers;
    for (int caller = 0; caller < 5; ++caller)
      callers.push_back(std::async(std::launch::async, [&, caller] {
        unsigned good = 0;
        for (int i = caller; i < 50; i += 5)
          good += proxy.execute("r" + std::to_string(i), parameters).status == 200 ? 1 : 0;
        return good;
      }));
    unsigned good = 0;
    for (auto& one_caller : callers)
      good += one_caller.get();
    return good;
  };
  CHECK(execute_all() == 50);
  auto count = [&] {
    return std::vector<std::size_t>{runtimes_of(one), runtimes_of(two), runtimes_of(three)};
  };
  auto before = count();
  CHECK(before[0] + before[1] + before[2] == 50);
  for (auto share : before)
    CHECK(share > 5);
  CHECK(execute_all() == 50);
  CHECK(count() == before); // Each hit the executor where it was warm.

  three.program().send(SIGKILL);
  three.program().wait_for_exit(10s);
  CHECK(execute_all() == 50);
  CHECK(runtimes_of(one) + runtimes_of(two) == 50);
  CHECK(runtimes_of(one) >= before[0]);
  CHECK(runtimes_of(two) >= before[1]);
}

TEST_CASE("a broadcast removes a runtime from all executors", "[proxy]") {
  executor_under_test one;
  executor_under_test two;
  for (auto* executor : {&one, &two})
    REQUIRE(executor->execute("both", executor->cold("hello")).status == 200);
  proxy_under_test proxy{{one.port(), two.port()}};
  auto got = proxy.call("DELETE", "/v1/runtimes/both", for_runtime("both", "broadcast"));
  CHECK(got.status == 204);
  CHECK(got.body.empty());
  CHECK(runtimes_of(one) + runtimes_of(two) == 0);
}

TEST_CASE("a body of 20 MB goes to a function and back, byte for byte", "[proxy]") {
  executor_under_test executor;
  proxy_under_test proxy{{executor.port()}};
  REQUIRE(proxy.execute("echo", executor.cold("binary")).status == 200);
  std::string body(20'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>(i * 2654435761U >> 13U);
  const std::string form = "--B\r\nContent-Disposition: form-data; name=\"method\"\r\n\r\nPOST\r\n--B\r\n"
                           "Content-Disposition: form-data; name=\"timeout\"\r\n\r\n60\r\n--B\r\n"
                           "Content-Disposition: form-data; name=\"body\"\r\n\r\n" +
                           body + "\r\n--B--\r\n";
  auto is_chunked = GENERATE(false, true);
  auto headers = for_runtime("echo");
  headers.push_back({"content-type", "multipart/form-data; boundary=B"});
  headers.push_back({"accept", "multipart/form-data"});
  headers.push_back({"x-executor-response-format", "0.12.0"});
  if (is_chunked)
    headers.push_back({"transfer-encoding", "chunked"});
  auto got = proxy.call("POST", "/v1/runtimes/echo/executions", headers, form);
  REQUIRE(got.status == 200);
  CHECK(got.header("x-executor-response-format") == "0.12.0");
  CHECK(got.body.size() > body.size());
  // The streamed form holds the body in runs; what stands between them is short.
  std::string joined;
  auto at = got.body.find("name=\"body\"");
  at = got.body.find("\r\n\r\n", at) + 4;
  for (;;) {
    auto line = got.body.find("\r\n", at);
    auto size = std::stoul(got.body.substr(at, line - at), nullptr, 16);
    if (size == 0)
      break;
    joined.append(got.body, line + 2, size);
    at = line + 2 + size + 2;
  }
  CHECK(joined.size() == body.size());
  CHECK((joined == body));
}

TEST_CASE("a build's log passes through as it is written", "[proxy]") {
  executor_under_test executor;
  proxy_under_test proxy{{executor.port()}};
  auto building = std::async(std::launch::async, [&] {
    return executor.create(executor.cold("hello")
                               .with("runtimeId", "b")
                               .with("command", "echo early; sleep 3; echo late")
                               .with("remove", true));
  });
  client reader{proxy.port()};
  reader.send("GET /v1/runtimes/b/logs?timeout=30 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " +
              proxy_under_test::secret() + "\r\nX-Opr-Runtime-Id: b\r\n\r\n");
  std::string got;
  while (got.find("early") == std::string::npos)
    got += reader.read_some();
  CHECK(building.wait_for(0s) == std::future_status::timeout);
  while (got.find("0\r\n\r\n") == std::string::npos)
    got += reader.read_some();
  CHECK(got.find("late") != std::string::npos);
  CHECK(building.get().status == 201);
}

TEST_CASE("1 GiB passes through in little memory, up and down", "[proxy]") {
  constexpr std::size_t large = std::size_t{1} << 30U;
  const std::string block(1 << 20, 'x');
  std::atomic<std::size_t> received{0};
  scripted_server executor{[&](peer& caller) {
    auto head = caller.read_until("\r\n\r\n");
    if (head.find("GET") == 0) {
      caller.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large) + "\r\n\r\n");
      for (std::size_t sent = 0; sent < large; sent += block.size())
        caller.send(block);
    } else {
      while (received < large)
        received += caller.read_up_to(block.size()).size();
      caller.send(ok("all"));
    }
    caller.read_to_end();
  }};
  proxy_under_test proxy{{executor.where().port}, "healthcheck: disabled\n"};
  client caller{proxy.port()};
  caller.send(keyed_get());
  std::size_t got = 0;
  std::size_t most = 0;
  while (got < large) {
    auto piece = caller.read_some(1 << 20);
    REQUIRE_FALSE(piece.empty());
    got += piece.size();
    most = std::max(most, proxy.resident_memory());
  }
  CHECK(most < std::size_t{32} << 20U);

  client sender{proxy.port()};
  sender.send("POST / HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + proxy_under_test::secret() +
              "\r\nContent-Length: " + std::to_string(large) + "\r\n\r\n");
  for (std::size_t sent = 0; sent < large; sent += block.size()) {
    REQUIRE(sender.send(block));
    most = std::max(most, proxy.resident_memory());
  }
  CHECK(sender.read().body == "all");
  CHECK(received == large);
  CHECK(most < std::size_t{32} << 20U);
}
