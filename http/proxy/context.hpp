#pragma once

#include "actors/proxy/routing.hpp"
#include "actors/proxy/services.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace opr::http {

/// What the front end of the proxy needs.
struct proxy_context {
  std::string secret;        ///< Of callers; empty: nobody is authorised.
  std::string authorization; ///< What executors are sent instead, `Bearer …`; empty: nothing.
  bool development = false;
  std::string version; ///< What errors tell.
  algorithm by = algorithm::random;
  std::chrono::milliseconds max_timeout{600000};
  std::chrono::milliseconds connect_timeout{3000};
  proxy_services_ptr with;

  mutable std::atomic<uint64_t> turn{0}; ///< Of round-robin.
};
using proxy_context_ptr = std::shared_ptr<const proxy_context>;

} // namespace opr::http
