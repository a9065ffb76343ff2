#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/integration/net/support/trusting.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

using namespace opr;
using namespace opr::test;

namespace {

struct fixture : trusting_fixture {
  scripted_server server{[](peer& client) {
    for (;;) {
      client.request();
      client.send(ok("hello"));
    }
  }};

  std::shared_ptr<recorder> ask(const net::address& where) { return exchange(*http->open(where)); }

  std::shared_ptr<recorder> ask_who_shows(const std::string& certificate, net::address where) {
    front_manners how;
    how.certificate = certificate;
    front before(server.where().port, how);
    where.port = before.port();
    return ask(where);
  }
};

/// The port that `openssl s_server` has written to a file by now, or will soon.
uint16_t port_in(const std::filesystem::path& file) {
  const std::string before = "ACCEPT 127.0.0.1:";
  for (auto until = clock::now() + patience; clock::now() < until;) {
    std::ifstream in(file);
    std::string said(std::istreambuf_iterator<char>(in), {});
    if (auto at = said.find(before); at != std::string::npos && said.back() == '\n')
      return static_cast<uint16_t>(std::stoi(said.substr(at + before.size())));
    std::this_thread::sleep_for(std::chrono::milliseconds(5)); // it writes to no pipe that could be awaited
  }
  throw std::runtime_error("openssl s_server doesn't say where it listens");
}

std::string reason(const std::shared_ptr<recorder>& of) { return of->wait().detail; }

} // namespace

TEST_CASE_METHOD(fixture, "a server whose certificate is for its address answers over TLS", "[net][tls]") {
  auto answer = ask_who_shows(authority.issue("IP:127.0.0.1"), safe(0));
  CHECK(answer->wait().code == ec::none);
  CHECK(answer->body() == "hello");
}

TEST_CASE_METHOD(fixture, "the name that a server must have needn't be its address", "[net][tls]") {
  auto shown =
      GENERATE("DNS:my.storage.example", "DNS:*.storage.example", "DNS:a.example,DNS:my.storage.example");
  CHECK(ask_who_shows(authority.issue(shown), safe(0, "my.storage.example"))->wait().code == ec::none);
}

TEST_CASE_METHOD(fixture, "a certificate for somebody else is refused before anything is sent",
                 "[net][tls]") {
  auto shown = GENERATE("DNS:other.example", "DNS:*.storage.example", "DNS:stor*.example", "IP:127.0.0.1",
                        "DNS:storage.example.evil.example");
  auto answer = ask_who_shows(authority.issue(shown), safe(0, "storage.example"));
  CHECK(answer->wait().code == ec::connect_failed);
  CHECK_THAT(reason(answer),
             Catch::Contains("certificate was refused") && Catch::Contains("ostname mismatch"));
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(fixture, "a certificate for a name isn't one for an address", "[net][tls]") {
  auto answer = ask_who_shows(authority.issue("DNS:localhost,DNS:127.0.0.1"), safe(0));
  CHECK(answer->wait().code == ec::connect_failed);
  CHECK_THAT(reason(answer), Catch::Contains("IP address mismatch"));
}

TEST_CASE_METHOD(fixture, "a certificate that nobody trusted has signed is refused", "[net][tls]") {
  certificate_authority stranger;
  auto answer = ask_who_shows(stranger.issue("IP:127.0.0.1"), safe(0));
  CHECK(answer->wait().code == ec::connect_failed);
  CHECK_THAT(reason(answer),
             Catch::Contains("certificate was refused") && Catch::Contains("issuer certificate"));
}

TEST_CASE_METHOD(fixture, "a certificate that has expired is refused", "[net][tls]") {
  auto answer = ask_who_shows(authority.issue("IP:127.0.0.1", std::chrono::seconds(-60)), safe(0));
  CHECK(answer->wait().code == ec::connect_failed);
  CHECK_THAT(reason(answer), Catch::Contains("expired"));
}

TEST_CASE_METHOD(fixture, "who doesn't want certificates checked gets an answer from anybody", "[net][tls]") {
  certificate_authority stranger;
  const std::vector<std::string> shown{stranger.issue("IP:127.0.0.1"), authority.issue("DNS:other.example"),
                                       authority.issue("IP:127.0.0.1", std::chrono::seconds(-60))};
  auto where = safe(0, "storage.example");
  where.insecure = true;
  for (const auto& each : shown)
    CHECK(ask_who_shows(each, where)->wait().code == ec::none);
}

TEST_CASE_METHOD(fixture, "a server that doesn't speak TLS is a failed connect", "[net][tls]") {
  scripted_server plain([](peer& client) { client.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  auto answer = ask(safe(plain.where().port));
  CHECK(answer->wait().code == ec::connect_failed);
  CHECK_THAT(reason(answer), Catch::Contains("TLS"));
}

TEST_CASE_METHOD(fixture, "a server that closes instead of shaking hands is a failed connect", "[net][tls]") {
  scripted_server rude([](peer& client) { client.close(); });
  CHECK(ask(safe(rude.where().port))->wait().code == ec::connect_failed);
}

TEST_CASE_METHOD(fixture, "a server that never shakes hands costs no more than the deadline", "[net][tls]") {
  scripted_server silent([](peer& client) { client.read_to_end(); });
  auto upstream = http->open(safe(silent.where().port));
  auto wish = request();
  wish.deadline = clock::now() + std::chrono::milliseconds(100);
  CHECK(exchange(*upstream, wish)->wait().code == ec::deadline_passed);
}

TEST_CASE_METHOD(fixture, "openssl's own server answers", "[net][tls]") {
  auto file = trust_folder.write("server.pem", authority.issue("DNS:localhost"));
  auto said = trust_folder.path() / "said";
  program what{"/usr/bin/openssl",
               {"s_server", "-accept", "127.0.0.1:0", "-cert", file, "-key", file, "-www"}};
  what.stdout_file = said;
  process run(what, trust_folder.path() / "complaints");
  auto answer = ask(safe(port_in(said), "localhost"));
  CHECK(answer->wait().code == ec::none);
  CHECK_THAT(answer->body(), Catch::Contains("</pre>"));
}
