#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace opr {

/// Spreads runtimes over the networks evenly: a bridge takes about a thousand containers and no more.
class network_shares {
public:
  network_shares() = default;
  explicit network_shares(const std::vector<std::string>& names) {
    for (const auto& name : names)
      shares_.emplace_back(name, 0);
  }

  /// The network with the fewest runtimes, which has one more from now on. There must be a network.
  const std::string& take() {
    auto least = std::min_element(shares_.begin(), shares_.end(),
                                  [](const auto& a, const auto& b) { return a.second < b.second; });
    ++least->second;
    return least->first;
  }

  /// A runtime of that network was found: it has one more from now on.
  void add(const std::string& name) {
    for (auto& [network, runtimes] : shares_)
      if (network == name)
        ++runtimes;
  }

  /// A runtime of that network is gone.
  void give_back(const std::string& name) {
    for (auto& [network, runtimes] : shares_)
      if (network == name && runtimes > 0)
        --runtimes;
  }

private:
  std::vector<std::pair<std::string, std::size_t>> shares_; ///< In the configured order.
};

} // namespace opr
