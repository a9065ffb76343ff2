#include "http/api/routes.hpp"

#include <catch2/catch.hpp>

using namespace opr::http;

TEST_CASE("each documented route leads to its endpoint") {
  CHECK(match_route("GET", "/livez").to == endpoint::live);
  CHECK(match_route("GET", "/readyz").to == endpoint::ready);
  CHECK(match_route("GET", "/v1/health").to == endpoint::health);
  CHECK(match_route("POST", "/v1/runtimes").to == endpoint::create_runtime);
  CHECK(match_route("GET", "/v1/runtimes?x=1").to == endpoint::list_runtimes);
  CHECK(match_route("GET", "/v1/runtimes/one").runtime_id == "one");
  CHECK(match_route("DELETE", "/v1/runtimes/one").to == endpoint::delete_runtime);
  CHECK(match_route("POST", "/v1/runtimes/one/executions").to == endpoint::create_execution);
  CHECK(match_route("POST", "/v1/runtimes/one/execution").to == endpoint::create_execution);
  CHECK(match_route("POST", "/v1/execution").to == endpoint::create_first_execution);
  CHECK(match_route("POST", "/v1/runtimes/one/commands").to == endpoint::run_command);
  CHECK(match_route("GET", "/v1/runtimes/one/logs?timeout=1").to == endpoint::follow_log);
  CHECK(match_route("GET", "/v1/runtimes/one/logs?timeout=1").runtime_id == "one");
  CHECK(match_route("HEAD", "/v1/health").to == endpoint::health);
}

TEST_CASE("a known path with another method says which it has") {
  auto found = match_route("PUT", "/v1/runtimes");
  CHECK(found.to == endpoint::other_method);
  CHECK(found.allow == "POST, GET");
}

TEST_CASE("a path that is nobody's is nobody's") {
  for (const auto* path :
       {"/", "", "/v1", "/v1/runtimes/one/two", "/v1/runtimes//executions", "/v2/health", "v1/health"})
    CHECK(match_route("GET", path).to == endpoint::none);
}

TEST_CASE("an id in a path follows the same rule as in a body") {
  CHECK(match_route("GET", "/v1/runtimes/..").to == endpoint::invalid_runtime_id);
  CHECK(match_route("GET", "/v1/runtimes/a%2Fb").to == endpoint::invalid_runtime_id);
}

TEST_CASE("everything below runtimes and executions needs the key, also what isn't there") {
  for (const auto* path : {"/v1/runtimes", "/v1/runtimes/", "/v1/runtimes/one", "/v1/runtimes/one/commands",
                           "/v1/runtimes/one/logs", "/v1/runtimes?x", "/v1/execution", "/v1/executions"})
    CHECK(needs_key(path));
  CHECK_FALSE(needs_key("/v1/health"));
}
