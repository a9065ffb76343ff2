#include "config/executor_table.hpp"
#include "config/proxy_table.hpp"
#include "tests/unit/config/loading.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;

namespace {

/// A program of the project, as its documentation is checked.
struct documented {
  std::string shipped_file;
  std::string prefix;
  std::vector<setting> rows;
  std::string printed_file;     ///< What the shipped file loads as.
  std::string printed_defaults; ///< What no file at all loads as.
};

template <class Settings>
std::string printed(const result<loaded<Settings>>& outcome, std::string (*print)(const Settings&)) {
  if (!outcome)
    FAIL(outcome.error().detail);
  return print(outcome->settings);
}

documented executor() {
  static executor_settings settings;
  const std::string file = OPR_SOURCE_DIR "/config/executor.yaml";
  return {file, "OPR_EXECUTOR_", executor_rows(settings), printed(load_executor(file, {}), print_executor),
          printed(load_executor("", {}), print_executor)};
}

documented proxy() {
  static proxy_settings settings;
  const std::string file = OPR_SOURCE_DIR "/config/proxy.yaml";
  return {file, "OPR_PROXY_", proxy_rows(settings), printed(load_proxy(file, {}), print_proxy),
          printed(load_proxy("", {}), print_proxy)};
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return (std::ostringstream() << in.rdbuf()).str();
}

std::string variable_of(const setting& row, const std::string& prefix) {
  auto out = prefix;
  for (char c : row.key)
    out += static_cast<char>(std::toupper(c));
  return out;
}

/// The default as the table of the README writes it: without quotes and brackets.
std::string plain_default(const setting& row) {
  auto text = to_yaml(row);
  text.erase(
      std::remove_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '[' || c == ']'; }),
      text.end());
  return text;
}

} // namespace

TEST_CASE("the shipped file loads and holds nothing but the defaults", "[docs]") {
  auto program = GENERATE(executor, proxy)();
  CHECK(program.printed_file == program.printed_defaults);
}

TEST_CASE("every setting stands in the shipped file, below its variable and its rule", "[docs]") {
  auto program = GENERATE(executor, proxy)();
  auto file = read(program.shipped_file);
  for (const auto& row : program.rows)
    CHECK_THAT(file, Contains("\n# " + variable_of(row, program.prefix) + ": " + rule_of(row) + "\n" +
                              std::string(row.key) + ":"));
}

TEST_CASE("every setting stands in the README with its variables and its default", "[docs]") {
  auto program = GENERATE(executor, proxy)();
  auto readme = read(OPR_SOURCE_DIR "/config/README.md");
  for (const auto& row : program.rows) {
    auto line = "\n| `" + std::string(row.key) + "` | `" + variable_of(row, program.prefix) + "`";
    for (auto alias : row.aliases)
      line += ", `" + std::string(alias) + "`";
    line += " | ";
    if (auto text = plain_default(row); !text.empty())
      line += "`" + text + "` | ";
    CHECK_THAT(readme, Contains(line));
  }
}
