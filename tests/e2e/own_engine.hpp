#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <vector>

namespace opr::test {

/// A Docker Engine of the test's own, for what no test may do to the machine's: stopping it. It shares
/// nothing with that one but the kernel, and has one image, `node_v5`. When it goes, so do its containers.
class own_engine {
public:
  explicit own_engine(bool live_restore);
  ~own_engine();
  own_engine(const own_engine&) = delete;
  own_engine& operator=(const own_engine&) = delete;

  /// Ends it as an operator does; its containers live on, or not, by `live_restore`.
  void stop();
  /// Starts it, and returns when it answers.
  void start();

  /// For `docker_host`.
  std::string address() const { return "unix://" + (dir_.path() / "docker.sock").string(); }
  /// What `docker <arguments>` prints.
  std::string docker(const std::string& arguments) const;
  /// Ids of the containers in any state.
  std::vector<std::string> containers() const;

private:
  bool answers() const;
  void unmount() const;

  temp_dir dir_;
  std::string bridge_;
  bool live_restore_;
  std::unique_ptr<process> daemon_;
};

} // namespace opr::test
