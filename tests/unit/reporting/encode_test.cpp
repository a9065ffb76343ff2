#include "core/utf8.hpp"
#include "reporting/encode.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

using namespace opr;
using namespace opr::reporting;

namespace {

const origin from{"executor", "exc1", "1.2.3", false, {"top-secret", "top-secret-two"}};
const wall_clock::time_point then_at{std::chrono::milliseconds(1700000000250)};

report about(fault what) { return {std::move(what), then_at, 3}; }

fault typical() {
  return {"general_unknown",      "it broke", 500, "POST", "/v1/runtimes/{runtimeId}/executions",
          {{"runtime_id", "one"}}};
}

/// What stands at a path of the body, as text.
std::string at(const upload& made, const char* path) {
  rapidjson::Document read;
  read.Parse<rapidjson::kParseValidateEncodingFlag>(made.body.data(), made.body.size());
  REQUIRE_FALSE(read.HasParseError());
  const auto* found = rapidjson::Pointer(path).Get(read);
  if (found == nullptr)
    FAIL("nothing at " << path << " in " << made.body);
  if (found->IsString())
    return {found->GetString(), found->GetStringLength()};
  return found->IsInt64() ? std::to_string(found->GetInt64()) : std::to_string(found->GetDouble());
}

std::string header(const upload& made, const char* name) {
  const auto* found = find_header(made.headers, name);
  return found == nullptr ? "" : *found;
}

provider of(provider_kind kind) { return {kind, "k3y", "42", "host", 443, true, "/"}; }

} // namespace

TEST_CASE("Sentry is told at its store, with its key in a header", "[reporting]") {
  auto made = encode(of(provider_kind::sentry), from, about(typical()));
  CHECK(made.target == "/api/42/store/");
  CHECK(header(made, "X-Sentry-Auth").find("sentry_version=7") != std::string::npos);
  CHECK(header(made, "X-Sentry-Auth").find("sentry_key=k3y") != std::string::npos);
  CHECK(header(made, "Content-Type") == "application/json");
  CHECK(at(made, "/timestamp") == "1700000000.250000");
  CHECK(at(made, "/exception/values/0/type") == "general_unknown");
  CHECK(at(made, "/exception/values/0/value") == "it broke");
  CHECK(at(made, "/transaction") == "POST /v1/runtimes/{runtimeId}/executions");
  CHECK(at(made, "/server_name") == "exc1");
  CHECK(at(made, "/release") == "1.2.3");
  CHECK(at(made, "/environment") == "production");
  CHECK(at(made, "/level") == "error");
  CHECK(at(made, "/tags/runtime_id") == "one");
  CHECK(at(made, "/tags/code") == "500");
  CHECK(at(made, "/tags/times") == "3");
}

TEST_CASE("Raygun is told at its entries, with its key in a header", "[reporting]") {
  auto made = encode(of(provider_kind::raygun), from, about(typical()));
  CHECK(made.target == "/entries");
  CHECK(header(made, "X-ApiKey") == "k3y");
  CHECK(at(made, "/occurredOn") == "2023-11-14T22:13:20.250+00:00");
  CHECK(at(made, "/details/machineName") == "exc1");
  CHECK(at(made, "/details/error/className") == "general_unknown");
  CHECK(at(made, "/details/error/message") == "it broke");
  CHECK(at(made, "/details/request/httpMethod") == "POST");
  CHECK(at(made, "/details/userCustomData/runtime_id") == "one");
}

TEST_CASE("AppSignal is told by its public endpoint, with its key in the query", "[reporting]") {
  auto to = of(provider_kind::appsignal);
  to.key = "a+b=";
  auto made = encode(to, from, about(typical()));
  CHECK(made.target == "/collect?api_key=a%2Bb%3D&version=1.3.19");
  CHECK(at(made, "/timestamp") == "1700000000");
  CHECK(at(made, "/namespace") == "executor");
  CHECK(at(made, "/error/name") == "general_unknown");
  CHECK(at(made, "/error/message") == "it broke");
  CHECK(at(made, "/environment/server") == "exc1");
  CHECK(at(made, "/tags/times") == "3");
}

TEST_CASE("LogOwl is told with its ticket in the body", "[reporting]") {
  auto to = of(provider_kind::logowl);
  to.path = "/logging/";
  auto made = encode(to, from, about(typical()));
  CHECK(made.target == "/logging/error");
  CHECK(at(made, "/ticket") == "k3y");
  CHECK(at(made, "/type") == "error");
  CHECK(at(made, "/message") == "general_unknown: it broke");
  CHECK(at(made, "/badges/version") == "1.2.3");
  CHECK(at(made, "/metrics/platform") == "exc1");
}

TEST_CASE("no provider is told a secret", "[reporting]") {
  auto kind =
      GENERATE(provider_kind::sentry, provider_kind::raygun, provider_kind::appsignal, provider_kind::logowl);
  auto what = typical();
  what.message = "key top-secret-two isn't top-secret, nor k3y-- is";
  what.target = "/v1/top-secret?key=top-secret";
  what.tags = {{"top-secret", "top-secret"}};
  auto to = of(kind);
  to.key = "k3y--";
  auto made = encode(to, from, about(what));
  CHECK(made.body.find("top-secret") == std::string::npos);
  CHECK(made.body.find("-two") == std::string::npos);
  CHECK(made.body.find("key ***") != std::string::npos);
  CHECK(made.body.find("k3y-- is") == std::string::npos);
  CHECK(made.body.find('?') == std::string::npos);
}

TEST_CASE("whatever a fault says, what is sent is JSON of a bounded size", "[reporting]") {
  auto kind =
      GENERATE(provider_kind::sentry, provider_kind::raygun, provider_kind::appsignal, provider_kind::logowl);
  auto what = typical();
  what.message = std::string(1 << 20, '\xff') + "\"\\\n" + '\0';
  what.target = std::string(1 << 20, 'x');
  for (int i = 0; i < 1000; ++i)
    what.tags.emplace_back(std::to_string(i), std::string(1000, '\x01'));
  auto made = encode(of(kind), from, about(what));
  CHECK(made.body.size() < 64 * 1024);
  CHECK(is_utf8(made.body));
  rapidjson::Document read;
  CHECK_FALSE(read.Parse(made.body.data(), made.body.size()).HasParseError());
}

TEST_CASE("a fault without a request tells none", "[reporting]") {
  auto made = encode(of(provider_kind::sentry), from, about({"health_failed", "gone", 0, "", "", {}}));
  CHECK(at(made, "/transaction") == "health_failed");
  CHECK(made.body.find("\"code\"") == std::string::npos);
  CHECK(made.body.find("\"url\"") == std::string::npos);
}
