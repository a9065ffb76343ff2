#pragma once

#include "core/error.hpp"

#include <functional>
#include <utility>
#include <variant>

namespace opr {

/// The value of an operation that has nothing to say but that it worked.
struct done {};

/// A value or the failure that took its place.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(failure why) : held_(std::in_place_index<1>, std::move(why)) {}
  result(ec code, std::string detail = {})
      : held_(std::in_place_index<1>, failure{code, std::move(detail)}) {}

  explicit operator bool() const noexcept { return held_.index() == 0; }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  failure& error() { return std::get<1>(held_); }
  const failure& error() const { return std::get<1>(held_); }

private:
  std::variant<T, failure> held_;
};

/// Called exactly once with the outcome of an asynchronous operation, on the thread that the operation names.
template <class T>
using then = std::function<void(result<T>)>;

} // namespace opr
