#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace opr::test;

namespace {

/// The lines to type of a section of the README, as one script.
std::string lines_of_section(const std::string& title) {
  std::ifstream readme{OPR_SOURCE_DIR "/README.md"};
  std::string script;
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.rfind("## ", 0) == 0)
      inside = line == "## " + title;
    if (inside && line.rfind("    ", 0) == 0)
      script += line.substr(4) + "\n";
  }
  return script;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  REQUIRE(text.find(what) != std::string::npos);
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

} // namespace

TEST_CASE("every line of the README's API section works as it stands there") {
  executor_under_test executor;
  auto script = lines_of_section("The API");
  replace_all(script, "http://127.0.0.1:9900", "http://127.0.0.1:" + std::to_string(executor.port()));
  replace_all(script, "Bearer demo", "Bearer " + executor_under_test::secret());
  replace_all(script, "/tmp/hello.tar.gz", executor.storage() + "/hello.tar.gz");
  replace_all(script, "/tmp/opr-builds", executor.storage() + "/builds");
  temp_dir folder;
  auto file =
      folder.write("lines", "set -e\ncd " OPR_SOURCE_DIR "\n"
                            "curl() { command curl --fail-with-body --max-time 60 --noproxy '*' \"$@\"; }\n" +
                                script + "wait\n");
  auto printed = output_of("bash " + file + " 2>&1; echo; echo ended with $?");
  INFO(script);
  INFO(printed);
  CHECK(printed.find("\nended with 0\n") != std::string::npos);
  CHECK(printed.find("Hello, you!") != std::string::npos);
  CHECK(printed.find("Content-Transfer-Encoding: chunked") != std::string::npos);
  CHECK(printed.find("+00:00 2") != std::string::npos); // The log that was followed.
  CHECK(executor.call("GET", "/v1/runtimes/hello").status == 404);
}
