#pragma once

#include "actors/proxy/redis/link.hpp"
#include "actors/proxy/view.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace opr::redis {

/// Reads what all proxies have written. Nothing there is trusted: what makes no sense is left out, with one
/// line in the log, and what is too large isn't read again for a while.
class view_reader {
public:
  static constexpr std::size_t most_executors = 1000;
  static constexpr std::size_t most_runtimes = 10000; ///< Of one executor.
  static constexpr std::chrono::seconds rest_of_large_keys{60};

  /// @returns The view, or why Redis can't be read.
  result<executors_view_ptr> read(link& from);

  /// Writes a line about what stands in Redis to the log, once for each text and not more than a line a
  /// minute.
  void complain(const std::string& what);

private:
  result<std::vector<answer>> read_hashes(link& from, const std::vector<std::string>& keys);
  bool is_resting(const std::string& key) const;

  std::map<std::string, time_point> resting_; ///< Keys that hold too much, until when they aren't read.
  std::set<std::string> said_;
  time_point may_say_again_{};
};

} // namespace opr::redis
