#include "core/random_id.hpp"
#include "tests/conformance/case_run.hpp"

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace opr;
using namespace opr::conformance;

struct tally {
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned skipped = 0;
};

/// A file of cases, run against one executor.
class suite {
public:
  suite(const target& subject, const std::string& path, std::string only)
      : target_(subject), file_(read_yaml(path)), only_(std::move(only)) {
    auto shared = std::filesystem::path(path).parent_path().parent_path() / "parameters.yaml";
    parameters_ = read_yaml(shared.string());
    if (const auto& own = member(file_, "parameters"); own.IsObject())
      merge(parameters_, own);
  }

  tally run() {
    variables known = target_.known;
    auto shared = name_runtime(known, "run");
    known["id"] = known["run"];
    try {
      case_run setup{target_, parameters_, known};
      if (const auto& steps = member(file_, "setup"); steps.IsArray())
        setup.take(steps);
      known = setup.known();
    } catch (const std::exception& error) {
      report(false, "setup", error.what());
    }
    for (const auto& one : file_["cases"].GetArray())
      run_all_of(one, known);
    clean_up(shared, "the file's runtimes");
    return tally_;
  }

private:
  /// Sets a variable to a new runtime id.
  static std::string name_runtime(variables& known, const std::string& variable) {
    auto id = "conformance-" + random_hex(12);
    known[variable] = std::make_shared<const document>(text_value(id));
    return id;
  }

  void run_all_of(const json& one, const variables& known) {
    auto name = text_of(one["name"]);
    if (name.find(only_) == std::string::npos)
      return;
    if (auto why = reason_to_skip(one); !why.empty()) {
      ++tally_.skipped;
      std::cout << "  skip  " << name << ": " << why << '\n';
      return;
    }
    const auto& rows = member(one, "each");
    if (!rows.IsArray())
      return run_one(one, name, json{rapidjson::kObjectType}, known);
    for (const auto& row : rows.GetArray())
      run_one(one, name + " " + as_json(row).substr(0, 120), row, known);
  }

  std::string reason_to_skip(const json& one) const {
    if (const auto& better = member(one, "better"); better.IsString() && target_.is_original)
      return text_of(better);
    if (const auto& needs = member(one, "needs"); needs.IsArray())
      for (const auto& version : needs.GetArray())
        if (target_.versions.count(text_of(version)) == 0)
          return "the executor is not configured for " + text_of(version);
    return {};
  }

  /// @param row Variables of this run of the case.
  void run_one(const json& one, const std::string& name, const json& row, variables known) {
    auto id = name_runtime(known, "id");
    auto of_row = expand(row, known);
    for (const auto& entry : of_row.GetObject())
      known[text_of(entry.name)] = std::make_shared<const document>(copy_of(entry.value));
    {
      case_run run{target_, parameters_, std::move(known)};
      try {
        run.take(one["steps"]);
        report(true, name, "");
      } catch (const std::exception& error) {
        report(false, name, error.what());
      }
      clean_up(id, name); // What is still under way ends with its runtime, and the run waits for it.
    }
    clean_up(id, name); // What came into being meanwhile.
  }

  void clean_up(const std::string& id, const std::string& name) {
    try {
      remove_runtimes(target_, id);
    } catch (const std::exception& error) {
      report(false, name + ": cleaning up", error.what());
    }
  }

  void report(bool passed, const std::string& name, const std::string& why) {
    ++(passed ? tally_.passed : tally_.failed);
    std::cout << (passed ? "  pass  " : "  FAIL  ") << name << '\n';
    if (!passed)
      std::cout << "        " << why << '\n';
    std::cout << std::flush;
  }

  const target& target_;
  document file_;
  document parameters_;
  std::string only_;
  tally tally_;
};

constexpr auto usage = R"(Usage: conformance [--only TEXT] FILE...

Runs files of cases against the executor of OPR_CONFORMANCE_URL, or against this project's own; see README.md there.

  --only TEXT   only the cases whose name holds the text
)";

int run(const std::vector<std::string>& files, const std::string& only) {
  subject executor;
  tally all;
  for (const auto& file : files) {
    std::cout << file << '\n';
    auto of_file = suite{executor.about(), file, only}.run();
    all = {all.passed + of_file.passed, all.failed + of_file.failed, all.skipped + of_file.skipped};
  }
  if (!executor.is_clean()) {
    ++all.failed;
    std::cout << "  FAIL  the executor has left a container or a folder behind\n";
  }
  std::cout << all.passed << " passed, " << all.failed << " failed, " << all.skipped << " skipped\n";
  return all.failed == 0 && all.passed > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  std::string only;
  if (files.size() > 1 && files[0] == "--only") {
    only = files[1];
    files.erase(files.begin(), files.begin() + 2);
  }
  if (files.empty() || files[0].rfind('-', 0) == 0) {
    std::cerr << usage;
    return 2;
  }
  try {
    return run(files, only);
  } catch (const std::exception& error) {
    std::cerr << "conformance: " << error.what() << '\n';
    return 1;
  }
}
