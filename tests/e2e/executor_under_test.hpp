#pragma once

#include "tests/support/http_client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace opr::test {

inline const std::string node_v5 = "opr-demo/node:v5-18.0";
inline const std::string node_v2 = "opr-demo/node:v2-18.0";

/// What the API answered.
struct api_answer {
  unsigned status = 0;
  header_list headers;
  std::string text;
  rapidjson::Document json; ///< Null if the text is no JSON.

  std::string string(const char* key) const;
  double number(const char* key) const;
};

/// A JSON object under construction: `object{}.with("image", "x").with("timeout", 3.0).text()`. A key that is
/// given again gets the new value.
class object {
public:
  object& with(const char* key, const std::string& value);
  object& with(const char* key, const char* value) { return with(key, std::string{value}); }
  object& with(const char* key, double value);
  object& with(const char* key, bool value);
  object& with_json(const char* key, const std::string& json);
  std::string text() const;

private:
  std::map<std::string, std::string> members_;
};

/// The shipped program with folders, a name and a network of its own. When it goes, so does all it has made;
/// whatever it should have removed and didn't is for the test to find before.
class executor_under_test {
public:
  /// @param settings More lines for its YAML file.
  explicit executor_under_test(const std::string& settings = {});
  ~executor_under_test();
  executor_under_test(const executor_under_test&) = delete;
  executor_under_test& operator=(const executor_under_test&) = delete;

  api_answer call(const std::string& method, const std::string& path, const std::string& body = {},
                  std::chrono::milliseconds timeout = std::chrono::seconds(60)) const;
  api_answer create(const object& parameters) const {
    return call("POST", "/v1/runtimes", parameters.text());
  }
  api_answer execute(const std::string& id, const object& parameters = {}) const {
    return call("POST", "/v1/runtimes/" + id + "/executions", parameters.text());
  }
  api_answer remove(const std::string& id) const { return call("DELETE", "/v1/runtimes/" + id); }

  /// Parameters of an execution that may have to start the demo function in a v5 runtime.
  object cold(const std::string& function) const;

  /// The source archive of a demo function, in the storage.
  std::string archive(const std::string& function) const;
  std::string storage() const { return dir_.path() / "storage"; }
  static std::string secret() { return "e2e-secret"; }
  std::string data_dir() const { return dir_.path() / "data"; }
  std::string log_file() const { return dir_.path() / "log"; }
  const std::string& name() const noexcept { return name_; }
  uint16_t port() const noexcept { return port_; }
  process& program() noexcept { return *process_; }
  /// Ends the program by a signal and starts it again, with the same settings and on the same port.
  void restart(int signal);
  /// Starts the program again after it has ended.
  void start();

  /// Ids of its containers, in any state.
  std::vector<std::string> containers() const;
  /// Whether there is neither a container nor a folder of any runtime.
  bool nothing_left() const;
  /// Waits until a condition holds; the Engine's own view changes a moment after its answers.
  static bool soon(const std::function<bool()>& holds,
                   std::chrono::milliseconds limit = std::chrono::seconds(10));

private:
  temp_dir dir_;
  std::string name_;
  std::string config_file_;
  std::unique_ptr<process> process_;
  std::atomic<uint16_t> port_{0}; ///< Read by the threads of a load, too.
};

/// What a command prints, for looking at the Engine from outside.
std::string output_of(const std::string& command);

} // namespace opr::test
