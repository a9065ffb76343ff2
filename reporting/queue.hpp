#pragma once

#include "reporting/encode.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace opr::reporting {

/// Reports that wait for their turn, in the order in which they came, so many and no more.
class queue {
public:
  static constexpr std::size_t most = 256;

  /// Adds a fault to an equal one that waits, else to the end. @returns False if there's no room: it is
  /// dropped.
  bool add(fault what, wall_clock::time_point now);
  /// The oldest, taken out.
  std::optional<report> take();
  /// Puts back what was taken, to be the next again.
  void put_back(report&& what) { waiting_.push_front(std::move(what)); }

  bool empty() const noexcept { return waiting_.empty(); }

private:
  std::deque<report> waiting_;
};

} // namespace opr::reporting
