#pragma once

#include "executor_under_test.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace opr::test {

/// The shipped proxy in front of some servers of this machine.
class proxy_under_test {
public:
  /// @param executors Their ports.
  /// @param settings More lines for its YAML file.
  /// @param elsewhere Executors that aren't on this host, as `host:port`.
  explicit proxy_under_test(const std::vector<uint16_t>& executors, const std::string& settings = {},
                            const std::vector<std::string>& elsewhere = {});

  answer call(const std::string& method, const std::string& path, const header_list& headers = {},
              const std::string& body = {},
              std::chrono::milliseconds timeout = std::chrono::seconds(60)) const;
  /// An execution of a runtime that is there, or started by the parameters; answered in JSON.
  api_answer execute(const std::string& id, const object& parameters = {}, header_list headers = {}) const;
  /// How the proxy sees an executor: `online`, `offline`, `unreachable`.
  std::string status_of(uint16_t executor) const {
    return status_of("127.0.0.1:" + std::to_string(executor));
  }
  std::string status_of(const std::string& executor) const;

  uint16_t port() const noexcept { return port_; }
  process& program() noexcept { return *process_; }
  static std::string secret() { return "e2e-proxy-secret"; }
  /// Bytes that it has in memory.
  std::size_t resident_memory() const;

private:
  temp_dir dir_;
  std::unique_ptr<process> process_;
  uint16_t port_ = 0;
};

/// The fields that route a request.
header_list for_runtime(const std::string& id, const std::string& method = "anycast-efficient");

} // namespace opr::test
