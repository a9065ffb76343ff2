#include "tests/conformance/target.hpp"

#include "tests/e2e/executor_under_test.hpp"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace opr::conformance {

namespace {

std::string variable(const std::string& name, const std::string& otherwise) {
  const auto* value =
      std::getenv(("OPR_CONFORMANCE_" + name).c_str()); // NOLINT(concurrency-mt-unsafe): no threads yet
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::set<std::string> words(const std::string& joined) {
  std::set<std::string> all;
  std::istringstream stream{joined};
  for (std::string word; std::getline(stream, word, ',');)
    all.insert(word);
  return all;
}

void know(target& about, const std::string& name, const std::string& text) {
  about.known[name] = std::make_shared<const document>(text_value(text));
}

} // namespace

struct subject::own {
  test::executor_under_test executor;

  own() {
    auto make = std::string(OPR_SOURCE_DIR "/tests/conformance/archives ") + executor.storage();
    if (std::system(make.c_str()) != 0)
      throw std::runtime_error("failed: " + make);
  }
};

subject::subject() {
  auto url = variable("URL", "");
  std::string functions;
  if (url.empty()) {
    own_ = std::make_unique<own>();
    target_.where = {"127.0.0.1", own_->executor.port()};
    target_.key = test::executor_under_test::secret();
    functions = own_->executor.storage();
  } else {
    target_.where = parse_url(url);
    target_.key = variable("KEY", "");
    functions = variable("FUNCTIONS", "/storage/functions/conformance");
  }
  target_.is_original = variable("ORIGINAL", "") == "1";
  target_.versions = words(variable("VERSIONS", "v2,v3,v4,v5"));
  know(target_, "key", target_.key);
  know(target_, "v5", variable("V5_IMAGE", test::node_v5));
  know(target_, "v2", variable("V2_IMAGE", test::node_v2));
  know(target_, "functions", functions);
  know(target_, "destination", variable("DESTINATION", functions + "/builds"));
}

subject::~subject() = default;

bool subject::is_clean() const {
  return !own_ || test::executor_under_test::soon([&] { return own_->executor.nothing_left(); });
}

} // namespace opr::conformance
