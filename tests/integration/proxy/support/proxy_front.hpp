#pragma once

#include "actors/proxy/services.hpp"
#include "http/proxy/context.hpp"
#include "http/server/server.hpp"
#include "net/http_client.hpp"
#include "support/client.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace opr::test {

inline constexpr const char* proxy_key = "callers";
inline constexpr const char* executor_key = "executors";

/// The proxy's front on a server, with a fleet that the test has made: no actors, no health checks.
class proxy_front {
public:
  /// @param change Changes the context before the start.
  explicit proxy_front(const std::vector<net::address>& executors,
                       const std::function<void(http::proxy_context&)>& change = {});
  ~proxy_front();
  proxy_front(const proxy_front&) = delete;
  proxy_front& operator=(const proxy_front&) = delete;

  uint16_t port() const { return front_->port(); }
  node_link& node(std::size_t index) { return *(*fleet_)[index].link; }
  /// What was reported so far.
  std::vector<fault> faults() const;

private:
  class noting_store;

  net::io_threads io_{2};
  std::unique_ptr<net::http_client> http_ = net::make_http_client(io_);
  std::unique_ptr<noting_store> store_;
  proxy_services_ptr services_;
  std::shared_ptr<const fleet> fleet_;
  mutable std::mutex mutex_;
  std::vector<fault> faults_;
  std::unique_ptr<http::server> front_;
};

/// A request with the callers' key. @param fields More header lines, each with its end.
std::string keyed(const std::string& method, const std::string& target, const std::string& fields = {},
                  const std::string& body = {});

/// A port of this machine that refuses connections.
net::address nobody();

} // namespace opr::test
