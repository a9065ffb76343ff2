#pragma once

#include "docker/http_engine.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>
#include <thread>
#include <vector>

namespace opr::test {

/// A server on a unix socket that answers its n-th connection with the n-th text, whatever was asked, and
/// closes it; an empty text keeps the connection open and says nothing. Later connections get the last text.
class scripted_server {
public:
  explicit scripted_server(std::vector<std::string> answers);
  ~scripted_server();

  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  net::address where() const { return {path_, {}, 0}; }

private:
  void serve();

  temp_dir folder_;
  std::string path_;
  std::vector<std::string> answers_;
  int listener_;
  std::vector<int> silent_; ///< Connections kept open.
  std::thread thread_;
};

} // namespace opr::test
