#include "reporting/queue.hpp"
#include "reporting/reporter.hpp"
#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/integration/net/support/trusting.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <vector>

using namespace opr;
using namespace opr::reporting;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// What a provider has received.
class inbox {
public:
  void add(std::string request) {
    std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    came_.notify_all();
  }
  /// Waits until so many have come. @returns All.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, patience, [&] { return requests_.size() >= count; }))
      throw std::runtime_error("no such number of reports came");
    return requests_;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> requests_;
};

std::string answer_of(const std::string& status) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
}

struct reporting_fixture : client_fixture {
  inbox received;

  report_fault to(const net::address& where) { return to(where.port, "?insecure=true"); }
  report_fault to(uint16_t port, const std::string& query) {
    auto read = parse_provider("", "sentry://k3y@127.0.0.1:" + std::to_string(port) + "/42" + query);
    REQUIRE(read);
    return start_reporting(io, *http, **read, {"executor", "exc1", "1.2.3", false, {}});
  }
  /// Takes all, and answers so.
  scripted_server::script taking(const std::string& status = "200 OK") {
    return [this, status](peer& client) {
      for (;;) {
        auto request = client.request();
        client.send(answer_of(status));
        received.add(std::move(request));
      }
    };
  }
};

/// A provider behind TLS, with a certificate of an authority that is trusted.
struct safe_reporting_fixture : trusted_authority, reporting_fixture {
  scripted_server server{taking()};

  front_manners speaking_tls_as(const std::string& subject_names) const {
    front_manners how;
    how.certificate = authority.issue(subject_names);
    return how;
  }
};

fault fault_of(int number) {
  return {"general_unknown", "fault " + std::to_string(number) + ".", 500, "GET", "/", {}};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

template <class F>
auto time_of(F what) {
  auto began = opr::clock::now();
  what();
  return opr::clock::now() - began;
}

} // namespace

TEST_CASE_METHOD(reporting_fixture, "a fault reaches the provider", "[reporting]") {
  scripted_server server(taking());
  to(server.where())(fault_of(1));
  auto request = received.wait_for(1)[0];
  CHECK(has(request, "POST /api/42/store/ HTTP/1.1\r\n"));
  CHECK(has(request, "sentry_key=k3y"));
  CHECK(has(request, "\"value\":\"fault 1.\""));
}

TEST_CASE_METHOD(safe_reporting_fixture, "a fault reaches a provider behind TLS", "[reporting][tls]") {
  front before(server.where().port, speaking_tls_as("IP:127.0.0.1"));
  to(before.port(), "")(fault_of(1));
  CHECK(has(received.wait_for(1)[0], "\"value\":\"fault 1.\""));
}

TEST_CASE_METHOD(safe_reporting_fixture, "who only claims to be the provider is told nothing",
                 "[reporting][tls]") {
  front impostor(server.where().port, speaking_tls_as("DNS:elsewhere.test"));
  front provider(server.where().port, speaking_tls_as("IP:127.0.0.1"));
  to(impostor.port(), "")(fault_of(1));
  for (auto until = opr::clock::now() + patience; impostor.connections() == 0 && opr::clock::now() < until;)
    std::this_thread::sleep_for(5ms); // a hand-shake that fails tells nobody else
  REQUIRE(impostor.connections() > 0);
  to(provider.port(), "")(fault_of(2));
  CHECK(has(received.wait_for(1)[0], "\"value\":\"fault 2.\""));
}

TEST_CASE_METHOD(reporting_fixture, "many faults come in order over one connection", "[reporting]") {
  scripted_server server(taking());
  auto report = to(server.where());
  for (int i = 0; i < 100; ++i)
    report(fault_of(i));
  auto requests = received.wait_for(100);
  for (int i = 0; i < 100; ++i)
    CHECK(has(requests[i], "\"fault " + std::to_string(i) + ".\""));
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(reporting_fixture, "a storm of equal faults makes few reports, which tell its size",
                 "[reporting]") {
  std::atomic<bool> may_answer{false};
  scripted_server server([&](peer& client) {
    for (;;) {
      auto request = client.request();
      received.add(request);
      while (!may_answer)
        std::this_thread::sleep_for(1ms);
      client.send(answer_of("200 OK"));
    }
  });
  auto report = to(server.where());
  report(fault_of(0));
  received.wait_for(1);
  for (int i = 0; i < 1000; ++i)
    report(fault_of(1));
  may_answer = true;
  CHECK(has(received.wait_for(2)[1], "\"times\":\"1000\""));
}

TEST_CASE_METHOD(reporting_fixture, "a provider that doesn't answer holds nobody up", "[reporting]") {
  scripted_server server([&](peer& client) {
    received.add(client.request());
    client.read_to_end();
  });
  auto report = to(server.where());
  auto longest = opr::clock::duration{};
  for (int i = 0; i < 2000; ++i)
    longest = std::max(longest, time_of([&] { report(fault_of(i)); }));
  CHECK(longest < 500ms); // The machine may take some of it.
  CHECK(received.wait_for(1).size() == 1);
}

TEST_CASE_METHOD(reporting_fixture, "what a provider refuses isn't told it again", "[reporting]") {
  auto status = GENERATE(as<std::string>{}, "400 Bad Request", "403 Forbidden", "413 Too Large");
  scripted_server server(taking(status));
  auto report = to(server.where());
  report(fault_of(1));
  report(fault_of(2));
  auto requests = received.wait_for(2);
  CHECK(has(requests[0], "\"fault 1.\""));
  CHECK(has(requests[1], "\"fault 2.\""));
}

TEST_CASE_METHOD(reporting_fixture, "a provider that is overloaded gets the same report after a rest",
                 "[reporting]") {
  auto status = GENERATE(as<std::string>{}, "429 Too Many Requests", "503 Service Unavailable");
  std::vector<time_point> times;
  scripted_server server([&](peer& client) {
    for (;;) {
      auto request = client.request();
      times.push_back(opr::clock::now());
      client.send(answer_of(times.size() == 1 ? status : "200 OK"));
      received.add(std::move(request));
    }
  });
  to(server.where())(fault_of(1));
  auto requests = received.wait_for(2);
  CHECK(has(requests[1], "\"fault 1.\""));
  CHECK(times[1] - times[0] > 900ms);
}

TEST_CASE_METHOD(reporting_fixture, "a provider that is away gets what waits when it is back",
                 "[reporting]") {
  net::address where;
  auto listener = bind_free_port(where, -1); // refuses connections until it listens
  auto report = to(where);
  for (int i = 0; i < 1000; ++i)
    report(fault_of(i));
  std::this_thread::sleep_for(200ms);
  listen(listener.get(), 1);
  peer client(accept(listener.get(), nullptr, nullptr), 0);
  for (std::size_t i = 0; i < queue::most; ++i) {
    CHECK(has(client.request(), "\"fault " + std::to_string(i) + ".\""));
    client.send(answer_of("200 OK"));
  }
}

TEST_CASE_METHOD(reporting_fixture, "a provider that breaks off in the middle is tried again",
                 "[reporting]") {
  scripted_server server([&](peer& client) {
    auto request = client.request();
    if (client.index() == 0)
      return client.reset();
    client.send(answer_of("200 OK"));
    received.add(std::move(request));
  });
  to(server.where())(fault_of(1));
  CHECK(has(received.wait_for(1)[0], "\"fault 1.\""));
}

TEST_CASE_METHOD(reporting_fixture, "the end waits for no provider, and later reports do no harm",
                 "[reporting]") {
  scripted_server server([&](peer& client) {
    received.add(client.request());
    client.read_to_end();
  });
  auto report = to(server.where());
  report(fault_of(1));
  received.wait_for(1);
  CHECK(time_of([&] { io.stop(); }) < 1s);
  report(fault_of(2));
}

TEST_CASE("reports that come when the I/O threads have gone do no harm", "[reporting]") {
  report_fault report;
  {
    client_fixture fixture;
    provider to{provider_kind::raygun, "key", "", "127.0.0.1", 1, false, "/"};
    report = start_reporting(fixture.io, *fixture.http, to, {"executor", "exc1", "1.2.3", false, {}});
    fixture.http.reset();
    fixture.io.stop();
  }
  report(fault_of(1));
}
