#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace opr::test {

/// Waits until `holds` does, looking again every few milliseconds, for what tells nobody when it comes: a
/// descriptor that another thread closes, memory that is given back. @returns Whether it came to that.
inline bool eventually(const std::function<bool()>& holds) {
  constexpr std::chrono::milliseconds pause{5};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

} // namespace opr::test
