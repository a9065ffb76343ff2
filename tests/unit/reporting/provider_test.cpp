#include "reporting/provider.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::reporting;

namespace {

provider parsed(const std::string& name, const std::string& config) {
  auto read = parse_provider(name, config);
  if (!read)
    FAIL(config << ": " << read.error().detail);
  REQUIRE(read->has_value());
  return **read;
}

} // namespace

TEST_CASE("nothing is reported unless a provider is configured", "[reporting]") {
  auto name = GENERATE("", "sentry");
  auto read = parse_provider(name, "");
  REQUIRE(read);
  CHECK_FALSE(read->has_value());
}

TEST_CASE("Sentry's project and key are found in each form", "[reporting]") {
  auto [name, config, host, path] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"", "sentry://42:abc@sentry.example.com", "sentry.example.com", "/"},
      {"", "sentry://abc@sentry.example.com/42", "sentry.example.com", "/"},
      {"", "https://abc@o1.ingest.sentry.io/42", "o1.ingest.sentry.io", "/"},
      {"sentry", "https://abc@sentry.example.com/deep/down/42/", "sentry.example.com", "/deep/down/"},
      {"sentry", "abc;42", "sentry.io", "/"},
      {"sentry", "42;abc", "sentry.io", "/"},
  }));
  CAPTURE(config);
  auto to = parsed(name, config);
  CHECK(to.kind == provider_kind::sentry);
  CHECK(to.key == "abc");
  CHECK(to.project == "42");
  CHECK(to.host == host);
  CHECK(to.path == path);
  CHECK(to.port == 443);
  CHECK(to.tls);
}

TEST_CASE("the other providers need a key, and know their host", "[reporting]") {
  auto [name, config, kind, key, host, path] =
      GENERATE(table<std::string, std::string, provider_kind, std::string, std::string, std::string>({
          {"", "raygun://ab+c/d==", provider_kind::raygun, "ab+c/d==", "api.raygun.com", "/"},
          {"", "raygun://abc@raygun.example.com", provider_kind::raygun, "abc", "raygun.example.com", "/"},
          {"raygun", "abc", provider_kind::raygun, "abc", "api.raygun.com", "/"},
          {"", "appsignal://a-b-c", provider_kind::appsignal, "a-b-c", "appsignal-endpoint.net", "/"},
          {"appsignal", "abc", provider_kind::appsignal, "abc", "appsignal-endpoint.net", "/"},
          {"", "logowl://abc@api.logowl.io", provider_kind::logowl, "abc", "api.logowl.io", "/logging/"},
          {"", "logowl://abc@owl.example.com/in", provider_kind::logowl, "abc", "owl.example.com", "/in/"},
          {"logowl", "abc", provider_kind::logowl, "abc", "api.logowl.io", "/logging/"},
          {"sentry", "raygun://abc", provider_kind::raygun, "abc", "api.raygun.com", "/"},
      }));
  CAPTURE(config);
  auto to = parsed(name, config);
  CHECK(to.kind == kind);
  CHECK(to.key == key);
  CHECK(to.host == host);
  CHECK(to.path == path);
  CHECK(to.tls);
}

TEST_CASE("a provider of one's own may have a port, and no TLS", "[reporting]") {
  auto [config, port, tls] = GENERATE(table<std::string, int, bool>({
      {"sentry://abc@host:9000/42", 9000, true},
      {"sentry://abc@host:9000/42?insecure=true", 9000, false},
      {"sentry://abc@host/42?insecure=true", 80, false},
      {"sentry://abc@host/42?insecure=false", 443, true},
      {"http://abc@host:8080/42", 8080, false},
      {"raygun://abc@host?insecure=true", 80, false},
  }));
  CAPTURE(config);
  auto to = parsed("", config);
  CHECK(to.host == "host");
  CHECK(to.port == port);
  CHECK(to.tls == tls);
}

TEST_CASE("a configuration that is none is refused, and never repeated", "[reporting]") {
  auto [name, config] = GENERATE(table<std::string, std::string>({
      {"", "secret"},
      {"other", "secret"},
      {"", "other://secret@host"},
      {"sentry", "secret"},
      {"sentry", "secret;"},
      {"sentry", ";42"},
      {"", "sentry://secret@host"},
      {"", "sentry://secret@host/"},
      {"", "sentry://@host/42"},
      {"", "sentry://42:@host"},
      {"", "sentry://secret@/42"},
      {"", "sentry://secret@host:0/42"},
      {"", "sentry://secret@host:99999/42"},
      {"", "sentry://secret@host:/42"},
      {"", "sentry://secret"},
      {"", "logowl://secret"},
      {"", "logowl://@host"},
      {"", "raygun://"},
      {"", "raygun://secret@host?colour=red"},
      {"raygun", "secret\r\nX: y"},
      {"raygun", "secret with spaces"},
      {"raygun", "https://secret@host/42"},
      {"", "sentry://secret@host/4 2"},
      {"", "sentry://secret@ho st/42"},
  }));
  CAPTURE(name, config);
  auto read = parse_provider(name, config);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  CHECK(read.error().detail.find("secret") == std::string::npos);
}
