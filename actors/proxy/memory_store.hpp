#pragma once

#include "actors/proxy/state_store.hpp"

namespace opr {

/// The state of a proxy that is alone: what it knows stands in its nodes already, and there is nobody to be
/// told.
class memory_store final : public state_store {
public:
  void publish(const std::string&, executor_view) override {}
  void mark(const std::string&, const std::string&, runtime_view) override {}
  void withdraw(const std::string&) override {}
  std::string trouble() const override { return {}; }
};

} // namespace opr
