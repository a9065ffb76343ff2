#include "config/load.hpp"
#include "config/rules.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

/// Loads a proxy's settings from a file of that content, with that environment.
struct proxy_loading {
  std::vector<std::pair<std::string, std::string>> variables{{"OPR_PROXY_SECRET", "for the test"},
                                                             {"OPR_PROXY_EXECUTORS", "one"}};
  test::temp_dir folder;

  loaded<proxy_settings> accepted(std::string_view yaml = "") const {
    auto outcome = load_proxy(folder.write("proxy.yaml", yaml), environment{variables});
    if (!outcome)
      FAIL("refused: " << outcome.error().detail);
    return *outcome;
  }
  std::string refused(std::string_view yaml = "") const {
    auto outcome = load_proxy(folder.write("proxy.yaml", yaml), environment{variables});
    if (outcome)
      FAIL("accepted: " << yaml);
    return outcome.error().detail;
  }
};

} // namespace

TEST_CASE_METHOD(proxy_loading, "a proxy's settings of both generations are read", "[proxy]") {
  auto prefix = GENERATE(as<std::string>(), "OPR_PROXY_", "OPEN_RUNTIMES_PROXY_");
  variables = {{prefix + "ALGORITHM", "round-robin"},
               {prefix + "EXECUTORS", "mockoon1,mockoon2:8080,[::1]:81"},
               {prefix + "HEALTHCHECK", "disabled"},
               {prefix + "HEALTHCHECK_INTERVAL", "250"},
               {prefix + "MAX_TIMEOUT", "30"},
               {prefix + "ENV", "development"},
               {prefix + "SECRET", "proxy-secret"},
               {prefix + "EXECUTOR_SECRET", "executor-secret"},
               {prefix + "CONNECTIONS_STATE", "redis://redis:6379"},
               {prefix + "LOGGING_PROVIDER", ""},
               {prefix + "LOGGING_CONFIG", ""}};
  auto got = accepted();
  CHECK(got.settings.algorithm == "round-robin");
  CHECK(got.settings.executors == texts{"mockoon1", "mockoon2:8080", "[::1]:81"});
  CHECK_FALSE(got.settings.healthcheck);
  CHECK(got.settings.healthcheck_interval == 250ms);
  CHECK(got.settings.max_timeout == 30s);
  CHECK(got.settings.development);
  CHECK(got.settings.secret == "proxy-secret");
  CHECK(got.settings.executor_secret == "executor-secret");
  CHECK(got.settings.connections_state == "redis://redis:6379");
  CHECK(got.warnings.empty());
}

TEST_CASE_METHOD(proxy_loading, "the port is also taken from PORT, which the proxy's own name overrides",
                 "[proxy]") {
  CHECK(accepted().settings.port == 9800);
  variables.emplace_back("PORT", "");
  CHECK(accepted().settings.port == 9800);
  variables.back().second = "8080";
  CHECK(accepted().settings.port == 8080);
  variables.emplace_back("OPR_PROXY_PORT", "81");
  CHECK(accepted().settings.port == 81);
}

TEST_CASE_METHOD(proxy_loading, "an unknown variable of the proxy is warned of, one of the executor is not",
                 "[proxy]") {
  variables.emplace_back("OPR_PROXY_ALGORYTHM", "hash");
  variables.emplace_back("OPR_EXECUTOR_COLOUR", "red");
  variables.emplace_back("OPEN_RUNTIMES_PROXY_WORKER_PER_CORE", "6");
  CHECK(accepted().warnings ==
        texts{"unknown variable 'OPR_PROXY_ALGORYTHM' has no effect; did you mean OPR_PROXY_ALGORITHM?",
              "OPEN_RUNTIMES_PROXY_WORKER_PER_CORE has no effect: this proxy has a thread for each processor "
              "by itself"});
}

TEST_CASE_METHOD(proxy_loading, "a proxy that can serve nobody says so at its start", "[proxy]") {
  variables.clear();
  CHECK(accepted().warnings == texts{"secret is empty: nobody is authorised to call this proxy",
                                     "executors is empty: every request will be refused"});
}

TEST_CASE_METHOD(proxy_loading, "a bad setting of the proxy is refused with its rule", "[proxy]") {
  CHECK_THAT(refused("algorithm: fastest"),
             Contains("algorithm must be one of round-robin, random, first, last, hash"));
  CHECK_THAT(refused("healthcheck: yes"), Contains("healthcheck must be either enabled or disabled"));
  CHECK_THAT(refused("executors: [a, 'b:0']"), Contains("'b:0' is not"));
  CHECK_THAT(refused("images: []"), Contains("unknown key 'images'"));
}

TEST_CASE_METHOD(proxy_loading,
                 "neither of a proxy's secrets is printed, nor a password of its state's address",
                 "[proxy]") {
  auto printed = print_proxy(
      accepted("executor_secret: swordfish\nconnections_state: redis://:swordfish@host:6379\n").settings);
  CHECK_THAT(printed, Contains("executor_secret: \"********\"\n") && !Contains("swordfish"));
}

TEST_CASE("a server is a name or an address, with or without a port", "[rules]") {
  for (auto good : {"executor", "executor:9900", "10.0.0.1", "10.0.0.1:80", "[::1]", "[::1]:80", "a-b.c_d"})
    CHECK(is_server(good));
  for (auto bad : {"", ":80", "a:", "a:0", "a:65536", "http://a", "a/b", "::1", "a b", "[x]:80"})
    CHECK_FALSE(is_server(bad));
}

TEST_CASE("a URL to call names a server and stays in its line", "[rules]") {
  for (auto good : {"", "http://a", "https://hc-ping.com/6d1f?x=1#y", "http://[::1]:80/"})
    CHECK(is_http_url_or_empty(good));
  for (auto bad : {"a", "ftp://a", "http://", "http:///x", "http://a/b c", "http://user:pw@a/", "HTTP://a"})
    CHECK_FALSE(is_http_url_or_empty(bad));
}
