#include "app/cli.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace opr;
using namespace opr::app;
using Catch::Matchers::Contains;

namespace {

using arguments = std::vector<std::string>;

/// Runs command lines as a shell would, with a folder for files.
struct shell {
  test::temp_dir folder;
  config::environment env{{{"OPR_EXECUTOR_SECRET", "swordfish"}}};
  std::string default_file = (folder.path() / "none.yaml").string();
  std::ostringstream out;
  std::ostringstream err;

  std::variant<config::executor_settings, exit_status> run(const arguments& typed) {
    auto program = executor_program;
    program.default_file = default_file.c_str();
    return prepare(program, typed, env, out, err);
  }
  std::variant<config::proxy_settings, exit_status> run_proxy(const arguments& typed) {
    auto program = proxy_program;
    program.default_file = default_file.c_str();
    return prepare(program, typed, env, out, err);
  }
  /// The status, or -1 if it would go on to serve.
  int status_of(const arguments& typed) {
    auto outcome = run(typed);
    return std::holds_alternative<exit_status>(outcome) ? std::get<exit_status>(outcome) : -1;
  }
};

} // namespace

TEST_CASE("a command line is read in any order", "[cli]") {
  auto typed = GENERATE(arguments{"--config", "a.yaml", "--check-config"},
                        arguments{"--check-config", "--config=a.yaml"},
                        arguments{"--config", "b.yaml", "--help", "--check-config", "--config", "a.yaml"});
  auto line = parse_command_line(typed);
  REQUIRE(line);
  CHECK(line->what == command::check_config);
  CHECK(line->config_file == "a.yaml");
}

TEST_CASE_METHOD(shell, "a wrong command line exits with 2 and says why", "[cli]") {
  auto [typed, message] = GENERATE(table<arguments, const char*>({
      {{"--port"}, "executor: unknown option '--port'; see executor --help\n"},
      {{"executor.yaml"}, "executor: unknown option 'executor.yaml'; see executor --help\n"},
      {{"--check-config=yes"}, "executor: unknown option '--check-config=yes'; see executor --help\n"},
      {{""}, "executor: unknown option ''; see executor --help\n"},
      {{"--config"}, "executor: --config needs the name of a file; see executor --help\n"},
      {{"--config", ""}, "executor: --config needs the name of a file; see executor --help\n"},
      {{"--config="}, "executor: --config needs the name of a file; see executor --help\n"},
      {{"--help", "--what"}, "executor: unknown option '--what'; see executor --help\n"},
  }));
  CHECK(status_of(typed) == 2);
  CHECK(err.str() == message);
  CHECK(out.str().empty());
}

TEST_CASE_METHOD(shell, "without a command the settings are handed over", "[cli]") {
  auto outcome = run({"--config", folder.write("a.yaml", "port: 81\n")});
  REQUIRE(std::holds_alternative<config::executor_settings>(outcome));
  CHECK(std::get<config::executor_settings>(outcome).port == 81);
  CHECK(out.str().empty());
}

TEST_CASE_METHOD(shell, "the default file is read if it exists, and need not", "[cli]") {
  CHECK(std::get<config::executor_settings>(run({})).port == 9900);
  folder.write("none.yaml", "port: 82\n");
  CHECK(std::get<config::executor_settings>(run({})).port == 82);
}

TEST_CASE_METHOD(shell, "a file named with --config must exist, and takes the place of the default one",
                 "[cli]") {
  folder.write("none.yaml", "port: 82\n");
  CHECK(std::get<config::executor_settings>(run({"--config", folder.write("a.yaml", "")})).port == 9900);
  CHECK(status_of({"--config", folder.path() / "missing.yaml"}) == 1);
  CHECK_THAT(err.str(), Contains("missing.yaml: cannot be read: No such file or directory\n"));
}

TEST_CASE_METHOD(shell, "the option --check-config tells a good file from a bad one", "[cli]") {
  CHECK(status_of({"--check-config", "--config", folder.write("good.yaml", "port: 81\n")}) == 0);
  CHECK(out.str() == "the configuration is good\n");
  CHECK(status_of({"--check-config", "--config", folder.write("bad.yaml", "prot: 81\n")}) == 1);
  CHECK_THAT(err.str(), Contains("bad.yaml:1:1: unknown key 'prot'; did you mean 'port'?\n"));
}

TEST_CASE_METHOD(shell, "a bad setting stops the start with status 1", "[cli]") {
  env.variables.emplace_back("OPR_EXECUTOR_PORT", "http");
  CHECK(status_of({}) == 1);
  CHECK(err.str() == "executor: OPR_EXECUTOR_PORT must be a whole number from 0 to 65535\n");
}

TEST_CASE_METHOD(shell, "the option --print-config shows what is in force, without the secret", "[cli]") {
  env.variables.emplace_back("OPR_EXECUTOR_PORT", "83");
  CHECK(status_of({"--print-config"}) == 0);
  CHECK_THAT(out.str(),
             Contains("port: 83\n") && Contains("secret: \"********\"\n") && !Contains("swordfish"));
}

TEST_CASE_METHOD(shell, "warnings do not get into what is printed", "[cli]") {
  env.variables.emplace_back("OPR_EXECUTOR_STORAGE_FTP_BUCKET", "a");
  CHECK(status_of({"--print-config"}) == 0);
  CHECK(err.str() ==
        "executor: warning: OPR_EXECUTOR_STORAGE_FTP_BUCKET is not supported by this version and "
        "has no effect\n");
  CHECK_THAT(out.str(), !Contains("warning: "));
}

TEST_CASE_METHOD(shell, "help and version work with a broken configuration", "[cli]") {
  env.variables.emplace_back("OPR_EXECUTOR_PORT", "http");
  CHECK(status_of({"--version"}) == 0);
  CHECK(out.str() == "executor " OPR_VERSION "\n");
  CHECK(status_of({"--help"}) == 0);
  for (auto option : {"--config FILE", "--check-config", "--print-config", "--health", "--version", "--help"})
    CHECK_THAT(out.str(), Contains(option));
  CHECK(err.str().empty());
}

TEST_CASE_METHOD(shell, "the health of an executor that nobody can find is bad", "[cli]") {
  auto [port, message] = GENERATE(table<const char*, const char*>({
      {"0", "executor: port is 0, so nobody knows where the executor listens\n"},
      {"1", "executor: no executor can be reached at 127.0.0.1 port 1: Connection refused\n"},
  }));
  env.variables.emplace_back("OPR_EXECUTOR_PORT", port);
  env.variables.emplace_back("OPR_EXECUTOR_COLOUR", "red"); // Warned of at start, not every ten seconds.
  CHECK(status_of({"--health"}) == 1);
  CHECK(err.str() == message);
  CHECK(out.str().empty());
}

TEST_CASE_METHOD(shell, "the proxy's command line is read in the same way, under its own name", "[cli]") {
  env.variables = {{"OPR_PROXY_SECRET", "swordfish"}, {"OPR_PROXY_EXECUTORS", "one,two:81"}};
  folder.write("none.yaml", "port: 82\n");
  auto settings = std::get<config::proxy_settings>(run_proxy({}));
  CHECK(settings.port == 82);
  CHECK(settings.executors == arguments{"one", "two:81"});
  CHECK(std::get<exit_status>(run_proxy({"--print-config"})) == 0);
  CHECK_THAT(out.str(), Contains("executors: [\"one\", \"two:81\"]\n") && !Contains("swordfish"));
  CHECK(std::get<exit_status>(run_proxy({"--what"})) == 2);
  CHECK(err.str() == "proxy: unknown option '--what'; see proxy --help\n");
}

TEST_CASE_METHOD(shell, "the health of a proxy that nobody can find is bad", "[cli]") {
  env.variables = {{"OPR_PROXY_PORT", "1"}};
  CHECK(std::get<exit_status>(run_proxy({"--health"})) == 1);
  CHECK(err.str() == "proxy: no proxy can be reached at 127.0.0.1 port 1: Connection refused\n");
}

TEST_CASE_METHOD(shell, "the proxy's help and version bear its name", "[cli]") {
  CHECK(std::get<exit_status>(run_proxy({"--version"})) == 0);
  CHECK(out.str() == "proxy " OPR_VERSION "\n");
  CHECK(std::get<exit_status>(run_proxy({"--help"})) == 0);
  CHECK_THAT(out.str(), Contains("Usage: proxy ") && Contains("OPR_PROXY_PORT"));
}
