#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/requests.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace opr {

/// What a start is made from, in a number: image, source, entrypoint, start line, variables and limits. A
/// start that was changed in any of them is another one.
uint64_t start_fingerprint(const runtime_request& what);

/// Keeps runtimes that die again and again while starting from being started at full speed: from the second
/// death in a row on, for a time that doubles from a second to a minute. A start made from something else is
/// not meant, so that a fixed build gets through at once. No clock, no threads.
class quarantine {
public:
  /// Why a start is refused now, with the last cause; nothing: it may go on.
  std::optional<failure> refusal(const runtime_request& what, time_point now) const;

  /// A start has failed by itself.
  void failed(const std::string& id, uint64_t start, failure cause, time_point now);
  /// A runtime of that id serves: all is forgotten.
  void served(const std::string& id) { entries_.erase(id); }
  /// Forgets what failed long ago.
  void forget(time_point now);

private:
  struct entry {
    uint64_t start = 0;
    unsigned failures = 0; ///< In a row.
    time_point last{};
    time_point until{};
    failure cause;
  };

  std::map<std::string, entry> entries_; ///< By runtime id.
};

} // namespace opr
