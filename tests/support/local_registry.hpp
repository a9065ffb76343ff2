#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>

namespace opr::test {

/// Whether a registry wants a login before it gives images away.
enum class registry_access : uint8_t { anybody, login };

/// A registry of container images on a free port of 127.0.0.1, from where Docker takes images without TLS. It
/// goes, with all its images, at the end of the test.
class local_registry {
public:
  static constexpr const char* username = "tester";
  static constexpr const char* password = "secret";

  /// @throws std::runtime_error if there is no docker-registry (Debian: docker-registry) or it doesn't start.
  explicit local_registry(registry_access access = registry_access::anybody);

  /// The login as Docker writes it into its `config.json`.
  static std::string encoded_login();

  /// `127.0.0.1:<port>`
  const std::string& host() const noexcept { return host_; }

  /// Copies an image of the Engine into the registry; the Engine doesn't know it by the new name.
  /// @param as Name and tag in the registry: `opr-test/node:v5`.
  /// @returns Its whole name.
  std::string add(const std::string& image, const std::string& as) const;

  /// Makes an image of random bytes that is nowhere but in the registry.
  /// @returns Its whole name.
  std::string add_random(const std::string& as, unsigned megabytes) const;

private:
  temp_dir dir_;
  std::unique_ptr<process> program_;
  std::string host_;
};

} // namespace opr::test
