#include "tests/unit/config/loading.hpp"

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

TEST_CASE_METHOD(loading, "an empty document gives the defaults", "[config]") {
  auto yaml = GENERATE("", "\n\n", "# only a remark\n", "---\n", "---\n...\n", "{}", "~");
  auto got = accepted(yaml);
  CHECK(got.settings.port == 9900);
  CHECK(got.settings.inactive_threshold == 60s);
  CHECK(got.settings.networks == std::vector<std::string>{"openruntimes-runtimes"});
  CHECK_FALSE(got.settings.development);
  CHECK(got.warnings.empty());
}

TEST_CASE("no file at all gives the defaults", "[config]") {
  auto got = load_executor("", {});
  REQUIRE(got);
  CHECK(got->settings.address == "0.0.0.0");
  CHECK_FALSE(got->settings.hostname.empty());
}

TEST_CASE_METHOD(loading, "every kind of setting is read from the file", "[config]") {
  auto got = accepted("env: development\n"
                      "port: 80\n"
                      "data_dir: '/srv/my runtimes'\n"
                      "network: [one, two]\n"
                      "runtime_versions: v5, v2\n"
                      "drain_timeout: 0\n"
                      "retry_delay_ms: 250\n");
  CHECK(got.settings.development);
  CHECK(got.settings.port == 80);
  CHECK(got.settings.data_dir == "/srv/my runtimes");
  CHECK(got.settings.networks == std::vector<std::string>{"one", "two"});
  CHECK(got.settings.drain_timeout == 0ms);
  CHECK(got.settings.retry_delay == 250ms);
}

TEST_CASE_METHOD(loading, "limits and time-outs of requests that name none are read", "[config]") {
  auto got = accepted("cpus: 0.5\nmemory: 256\nmemory_swap: 512\nmax_timeout: 900\nbuild_timeout: 1200\n"
                      "version: 0.6.11\nstorage_device: local\n");
  CHECK(got.settings.cpus == 0.5);
  CHECK(got.settings.memory == 256);
  CHECK(got.settings.memory_swap == 512);
  CHECK(got.settings.max_timeout == 900s);
  CHECK(got.settings.build_timeout == 1200s);
  CHECK(got.settings.version == "0.6.11");
  CHECK(got.warnings.empty());
}

TEST_CASE_METHOD(loading, "a key that this executor doesn't need is accepted with the reason", "[config]") {
  CHECK_THAT(accepted("worker_per_core: 6").warnings.front(),
             Contains("executor.yaml:1:1: worker_per_core has no effect: "));
}

TEST_CASE_METHOD(loading, "the newest runtime version comes last, however they were listed", "[config]") {
  CHECK(accepted("runtime_versions: [v5, v2]").settings.runtime_versions ==
        std::vector<std::string>{"v2", "v5"});
}

TEST_CASE_METHOD(loading, "a list that may be empty is, however that is written", "[config]") {
  auto yaml = GENERATE("", "images: []", "images:", "images: ''", "images: \"\"");
  CHECK(accepted(yaml).settings.images.empty());
  variables.emplace_back("OPR_EXECUTOR_IMAGES", "");
  CHECK(accepted("images: [node]").settings.images.empty());
}

TEST_CASE_METHOD(loading, "images are listed with their tags, digests and registries", "[config]") {
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_IMAGES", "openruntimes/php:v5-8.3, localhost:5000/own");
  CHECK(accepted().settings.images ==
        std::vector<std::string>{"openruntimes/php:v5-8.3", "localhost:5000/own"});
}

TEST_CASE_METHOD(loading, "the environment wins over the file", "[config]") {
  variables.emplace_back("OPR_EXECUTOR_PORT", "7001");
  auto got = accepted("port: 7000\naddress: ::1\n");
  CHECK(got.settings.port == 7001);
  CHECK(got.settings.address == "::1");
}

TEST_CASE_METHOD(loading, "a number with a leading zero is decimal", "[config]") {
  CHECK(accepted("retry_attempts: 010").settings.retry_attempts == 10);
}

TEST_CASE_METHOD(loading, "a file with CRLF line ends or a byte order mark loads", "[config]") {
  CHECK(accepted("\xEF\xBB\xBFport: 81\r\nlog_level: debug\r\n").settings.log_level == "debug");
}

TEST_CASE_METHOD(loading, "a value against its rule is refused with place, key and rule", "[config]") {
  auto [yaml, message] = GENERATE(table<const char*, const char*>({
      {"env: test", "executor.yaml:1:6: env must be either development or production"},
      {"\nport: 65536", "executor.yaml:2:7: port must be a whole number from 0 to 65535"},
      {"port: -1", "executor.yaml:1:7: port must be a whole number from 0 to 65535"},
      {"port: 0x50", "executor.yaml:1:7: port must be a whole number from 0 to 65535"},
      {"port: 80.0", "executor.yaml:1:7: port must be a whole number from 0 to 65535"},
      {"port: 99999999999999999999", "executor.yaml:1:7: port must be a whole number from 0 to 65535"},
      {"port:", "executor.yaml:1:1: port must be a whole number from 0 to 65535, but is empty"},
      {"cpus: many", "executor.yaml:1:7: cpus must be a number from 0 to 1024"},
      {"cpus: -0.5", "executor.yaml:1:7: cpus must be a number from 0 to 1024"},
      {"cpus: inf", "executor.yaml:1:7: cpus must be a number from 0 to 1024"},
      {"cpus: 1.5 2", "executor.yaml:1:7: cpus must be a number from 0 to 1024"},
      {"port: [80]", "executor.yaml:1:7: port must be a single value, not a list"},
      {"inactive_threshold: 0",
       "executor.yaml:1:21: inactive_threshold must be a whole number of seconds from 1 to 2592000"},
      {"retry_delay_ms: 5s",
       "executor.yaml:1:17: retry_delay_ms must be a whole number of milliseconds from 1 to 60000"},
      {"address: localhost", "executor.yaml:1:10: address must be an IPv4 or IPv6 address"},
      {"address: null", "executor.yaml:1:1: address must be an IPv4 or IPv6 address, but is empty"},
      {"runtime_versions: [v5, v9]",
       "executor.yaml:1:19: runtime_versions must be one or more of v2, v3, v4, v5; 'v9' is not"},
      {"runtime_versions: []",
       "executor.yaml:1:19: runtime_versions must be one or more of v2, v3, v4, v5, but is empty"},
      {"runtime_versions: v5,,v2", "executor.yaml:1:19: runtime_versions must be one or more of v2, v3, v4, "
                                   "v5, but is empty in one place"},
      {"runtime_versions: [v5, v2, v5]", "executor.yaml:1:19: runtime_versions names 'v5' twice"},
      {"data_dir: \"/srv/\\0x\"", "executor.yaml:1:11: data_dir must not hold control characters"},
      {"images: [node, 'no de']", "executor.yaml:1:9: images must be container images (name, name:tag or "
                                  "name@digest), or none; 'no de' is not"},
      {"images: node,,php",
       "executor.yaml:1:9: images must be container images (name, name:tag or name@digest), "
       "or none, but is empty in one place"},
      {"image_pull: sometimes",
       "executor.yaml:1:13: image_pull must be one of missing, always, enabled, disabled, never"},
      {"log_level: loud", "executor.yaml:1:12: log_level must be one of trace, debug, info, warning, error"},
  }));
  CHECK(refused(yaml) == message);
}

TEST_CASE_METHOD(loading, "a storage of another kind is refused without showing its keys", "[config]") {
  auto message = refused("connection_storage: ftp://KEY:HIDDEN@host/bucket");
  CHECK_THAT(message, Contains("connection_storage must be empty, file://localhost"));
  CHECK_THAT(message, !Contains("HIDDEN"));
}

TEST_CASE_METHOD(loading, "an unknown key is refused and the nearest known one named", "[config]") {
  CHECK(refused("port: 80\ninactive_treshold: 5\n") ==
        "executor.yaml:2:1: unknown key 'inactive_treshold'; did you mean 'inactive_threshold'?");
  CHECK(refused("colour: red") == "executor.yaml:1:1: unknown key 'colour'");
  CHECK(refused("Port: 80") == "executor.yaml:1:1: unknown key 'Port'; did you mean 'port'?");
}

TEST_CASE_METHOD(loading, "an unknown key cannot fill the terminal or send it commands", "[config]") {
  CHECK(refused("\"\\e[2J\": 1") == "executor.yaml:1:1: unknown key '?[2J'");
  CHECK(refused(std::string(900, 'k') + ": 1").size() < 150);
}

TEST_CASE_METHOD(loading, "a key of other versions is refused as not supported", "[config]") {
  CHECK(refused("storage_s3_bucket: b") ==
        "executor.yaml:1:1: storage_s3_bucket is not supported by this version");
}

TEST_CASE_METHOD(loading, "an empty secret is warned of", "[config]") {
  variables.clear();
  auto yaml = GENERATE("", "secret:", "secret: \"\"", "secret: \"********\"");
  auto got = accepted(yaml);
  CHECK(got.settings.secret.empty());
  CHECK(got.warnings ==
        std::vector<std::string>{"secret is empty: nobody is authorised to call this executor"});
}
