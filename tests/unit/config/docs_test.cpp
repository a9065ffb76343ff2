#include "config/executor_table.hpp"
#include "tests/unit/config/loading.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;

namespace {

const std::string shipped_file = OPR_SOURCE_DIR "/config/executor.yaml";

std::string read(const std::string& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return (std::ostringstream() << in.rdbuf()).str();
}

std::string variable_of(const setting& row) {
  std::string out = "OPR_EXECUTOR_";
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
  auto shipped = load_executor(shipped_file, {});
  if (!shipped)
    FAIL(shipped.error().detail);
  CHECK(print_executor(shipped->settings) == print_executor(load_executor("", {})->settings));
}

TEST_CASE("every setting stands in the shipped file, below its variable and its rule", "[docs]") {
  executor_settings settings;
  auto file = read(shipped_file);
  for (const auto& row : executor_rows(settings))
    CHECK_THAT(file,
               Contains("\n# " + variable_of(row) + ": " + rule_of(row) + "\n" + std::string(row.key) + ":"));
}

TEST_CASE("every setting stands in the README with its variables and its default", "[docs]") {
  executor_settings settings;
  auto readme = read(OPR_SOURCE_DIR "/config/README.md");
  for (const auto& row : executor_rows(settings)) {
    auto line = "\n| `" + std::string(row.key) + "` | `" + variable_of(row) + "`";
    for (auto alias : row.aliases)
      line += ", `" + std::string(alias) + "`";
    line += " | ";
    if (auto text = plain_default(row); !text.empty())
      line += "`" + text + "` | ";
    CHECK_THAT(readme, Contains(line));
  }
}
