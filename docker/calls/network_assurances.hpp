#pragma once

#include "core/result.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace opr::docker {

/// Networks that are being made sure of: all who want one meanwhile share what comes of it. Two creations at
/// once would leave two networks of a name for a moment, in which no container can join either.
class network_assurances : public std::enable_shared_from_this<network_assurances> {
public:
  /// @returns What to call in the end, if nobody is making sure of that network yet.
  std::optional<then<done>> join(const std::string& name, then<done> on_done) {
    std::lock_guard lock{mutex_};
    auto& waiting = waiting_[name];
    waiting.push_back(std::move(on_done));
    if (waiting.size() > 1)
      return std::nullopt;
    return [self = shared_from_this(), name](const result<done>& end) {
      for (auto& tell : self->take(name))
        tell(end);
    };
  }

private:
  std::vector<then<done>> take(const std::string& name) {
    std::lock_guard lock{mutex_};
    return std::move(waiting_.extract(name).mapped());
  }

  std::mutex mutex_;
  std::map<std::string, std::vector<then<done>>> waiting_;
};

} // namespace opr::docker
