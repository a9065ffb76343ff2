#include "tests/support/scoped_variable.hpp"
#include "tests/unit/config/loading.hpp"

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(loading, "a setting has the same effect under both prefixes", "[environment]") {
  auto prefix = GENERATE(as<std::string>(), "OPR_EXECUTOR_", "OPEN_RUNTIMES_EXECUTOR_");
  variables.emplace_back(prefix + "NETWORK", "one, two");
  variables.emplace_back(prefix + "ENV", "development");
  variables.emplace_back(prefix + "RETRY_DELAY_MS", "9");
  auto got = accepted();
  CHECK(got.settings.networks == texts{"one", "two"});
  CHECK(got.settings.development);
  CHECK(got.settings.retry_delay == 9ms);
  CHECK(got.warnings.empty());
}

TEST_CASE_METHOD(loading, "the OPR_ name wins over the older one, in whatever order they stand",
                 "[environment]") {
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_PORT", "1");
  variables.emplace_back("OPR_EXECUTOR_PORT", "2");
  auto got = accepted();
  CHECK(got.settings.port == 2);
  CHECK(got.warnings ==
        texts{"OPEN_RUNTIMES_EXECUTOR_PORT has no effect: OPR_EXECUTOR_PORT is set and wins"});
}

TEST_CASE_METHOD(loading, "two names that say the same are not warned of", "[environment]") {
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_PORT", "2");
  variables.emplace_back("OPR_EXECUTOR_PORT", "2");
  CHECK(accepted().warnings.empty());
}

TEST_CASE_METHOD(loading, "the misspelt threshold of earlier generations is honoured", "[environment]") {
  auto misspelt = GENERATE(as<std::string>(), "OPR_EXECUTOR_INACTIVE_TRESHOLD",
                           "OPEN_RUNTIMES_EXECUTOR_INACTIVE_TRESHOLD");
  variables.emplace_back(misspelt, "5");
  CHECK(accepted().settings.inactive_threshold == 5s);
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_INACTIVE_THRESHOLD", "6");
  CHECK(accepted().settings.inactive_threshold == 6s);
}

TEST_CASE_METHOD(loading, "DOCKER_HOST is honoured unless the executor has a name of its own for it",
                 "[environment]") {
  variables.emplace_back("DOCKER_HOST", "tcp://10.0.0.1:2375");
  CHECK(accepted().settings.docker_host == "tcp://10.0.0.1:2375");
  variables.emplace_back("OPR_EXECUTOR_DOCKER_HOST", "unix:///run/other.sock");
  CHECK(accepted().settings.docker_host == "unix:///run/other.sock");
}

TEST_CASE_METHOD(loading, "an empty DOCKER_HOST counts as not set, as it does for Docker", "[environment]") {
  variables.emplace_back("DOCKER_HOST", "");
  CHECK(accepted().settings.docker_host == "unix:///var/run/docker.sock");
}

TEST_CASE_METHOD(loading, "a bad value is refused under the name that it was given by", "[environment]") {
  auto [name, value, message] = GENERATE(table<const char*, const char*, const char*>({
      {"OPR_EXECUTOR_PORT", "http", "OPR_EXECUTOR_PORT must be a whole number from 0 to 65535"},
      {"OPR_EXECUTOR_CPUS", "1e3", "OPR_EXECUTOR_CPUS must be a number from 0 to 1024"},
      {"OPR_EXECUTOR_STORAGE_DEVICE", "ftp",
       "OPR_EXECUTOR_STORAGE_DEVICE must be empty or one of local, s3, dospaces, backblaze, linode, wasabi"},
      {"OPR_EXECUTOR_LOGGING_PROVIDER", "syslog",
       "OPR_EXECUTOR_LOGGING_PROVIDER must be empty or one of sentry, appsignal, raygun, logowl"},
      {"OPEN_RUNTIMES_EXECUTOR_INACTIVE_TRESHOLD", "1m",
       "OPEN_RUNTIMES_EXECUTOR_INACTIVE_TRESHOLD must be a whole number of seconds from 1 to 2592000"},
      {"DOCKER_HOST", "ssh://me@there",
       "DOCKER_HOST must be unix:///path (at most 107 bytes of path) or tcp://host:port"},
      {"OPR_EXECUTOR_SECRET", "a\nb", "OPR_EXECUTOR_SECRET must not hold control characters"},
  }));
  variables = {{name, value}};
  CHECK(refused() == message);
}

TEST_CASE_METHOD(loading, "an empty value empties what may be empty", "[environment]") {
  variables.emplace_back("OPR_EXECUTOR_CONNECTION_STORAGE", "");
  CHECK(accepted("connection_storage: local://localhost").settings.storage.empty());
}

TEST_CASE_METHOD(loading, "a variable that is empty where its setting can't be counts as not set",
                 "[environment]") {
  auto name = GENERATE(as<std::string>(), "OPR_EXECUTOR_PORT", "OPEN_RUNTIMES_EXECUTOR_INACTIVE_TRESHOLD",
                       "OPR_EXECUTOR_ENV", "OPR_EXECUTOR_NETWORK", "OPR_EXECUTOR_CPUS");
  variables.emplace_back(name, "");
  auto got = accepted("port: 81\n");
  CHECK(got.settings.port == 81);
  CHECK(got.settings.inactive_threshold == 60s);
  CHECK(got.warnings == texts{name + " is empty and has no effect"});
}

TEST_CASE_METHOD(loading, "a setting that this executor doesn't need is accepted with the reason",
                 "[environment]") {
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_WORKER_PER_CORE", "6");
  CHECK(accepted().warnings ==
        texts{"OPEN_RUNTIMES_EXECUTOR_WORKER_PER_CORE has no effect: this executor has a "
              "thread for each processor by itself"});
}

TEST_CASE_METHOD(loading, "a setting that nothing acts on yet is warned of once it says something",
                 "[environment]") {
  variables.emplace_back("OPR_EXECUTOR_LOGGING_PROVIDER", "");
  CHECK(accepted().warnings.empty());
  variables = {{"OPR_EXECUTOR_SECRET", "x"}, {"OPEN_RUNTIMES_EXECUTOR_LOGGING_PROVIDER", "sentry"}};
  CHECK(accepted().warnings ==
        texts{"logging_provider has no effect: this version reports errors to its log only"});
}

TEST_CASE_METHOD(loading, "an unknown name with one of the prefixes is warned of", "[environment]") {
  variables.emplace_back("OPR_EXECUTOR_PROT", "80");
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_COLOUR", "red");
  variables.emplace_back("OPR_EXECUTOR_DRAIN_TIME", ""); // Empty, but nobody's.
  variables.emplace_back("OPR_PROXY_PORT", "80");
  variables.emplace_back("PATH", "/bin");
  CHECK(accepted().warnings ==
        texts{"unknown variable 'OPR_EXECUTOR_PROT' has no effect; did you mean OPR_EXECUTOR_PORT?",
              "unknown variable 'OPEN_RUNTIMES_EXECUTOR_COLOUR' has no effect",
              "unknown variable 'OPR_EXECUTOR_DRAIN_TIME' has no effect; did you mean "
              "OPR_EXECUTOR_DRAIN_TIMEOUT?"});
}

TEST_CASE_METHOD(loading, "a setting that this version does not act on is warned of", "[environment]") {
  auto name =
      GENERATE(as<std::string>(), "OPR_EXECUTOR_BUILD_CACHE_STORAGE", "OPR_EXECUTOR_STORAGE_S3_ENDPOINT");
  variables.emplace_back(name, "x");
  variables.emplace_back("OPR_EXECUTOR_STORAGE_FTP_SECRET", ""); // Asks for nothing.
  CHECK(accepted().warnings == texts{name + " is not supported by this version and has no effect"});
}

TEST_CASE_METHOD(loading, "the first generation's names of a bucket are read as a DSN", "[environment]") {
  auto [device, prefix, dsn] = GENERATE(table<std::string, std::string, std::string>({
      {"s3", "OPR_EXECUTOR_STORAGE_S3_", "s3://KEY:S%2FE%2BT@localhost/b?region=r-1"},
      {"dospaces", "OPEN_RUNTIMES_EXECUTOR_STORAGE_DOSPACES_",
       "do-spaces://KEY:S%2FE%2BT@localhost/b?region=r-1"},
      {"wasabi", "OPEN_RUNTIMES_EXECUTOR_STORAGE_WASABI_", "wasabi://KEY:S%2FE%2BT@localhost/b?region=r-1"},
  }));
  variables.emplace_back("OPEN_RUNTIMES_EXECUTOR_STORAGE_DEVICE", device);
  variables.emplace_back(prefix + "ACCESS_KEY", "KEY");
  variables.emplace_back(prefix + "SECRET", "S/E+T");
  variables.emplace_back(prefix + "REGION", "r-1");
  variables.emplace_back(prefix + "BUCKET", "b");
  auto read = accepted();
  CHECK(read.settings.storage == dsn);
  CHECK(read.warnings.empty());
  CHECK_THAT(print_executor(read.settings),
             Contains(":********@localhost/b?region=r-1") && !Contains("S%2FE"));
  variables.emplace_back("OPR_EXECUTOR_CONNECTION_STORAGE", "s3://A:B@localhost/other");
  CHECK(accepted().settings.storage == "s3://A:B@localhost/other");
  CHECK(accepted().warnings == texts{"storage_device has no effect: connection_storage is set and wins"});
}

TEST_CASE_METHOD(loading, "what the first generation's names of a bucket lack is named", "[environment]") {
  variables.emplace_back("OPR_EXECUTOR_STORAGE_DEVICE", "s3");
  variables.emplace_back("OPR_EXECUTOR_STORAGE_S3_ACCESS_KEY", "KEY");
  CHECK(refused() == "storage_device is s3, but OPR_EXECUTOR_STORAGE_S3_SECRET is not set");
}

TEST_CASE("the environment of the process is read, equals signs in values included", "[environment]") {
  test::scoped_variable set("OPR_EXECUTOR_TEST_OF_PROCESS", "a=b");
  auto found = environment::of_process().variables;
  CHECK_THAT(found, Catch::VectorContains(
                        std::pair<std::string, std::string>{"OPR_EXECUTOR_TEST_OF_PROCESS", "a=b"}));
}
