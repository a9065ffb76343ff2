#pragma once

#include <cstdlib>
#include <string>
#include <utility>

namespace opr::test {

/// Sets a variable of the test's own environment, and removes it at the end. For tests without other threads.
class scoped_variable {
public:
  scoped_variable(std::string name, const std::string& value) : name_(std::move(name)) {
    setenv(name_.c_str(), value.c_str(), 1); // NOLINT(concurrency-mt-unsafe): see above
  }
  ~scoped_variable() {
    unsetenv(name_.c_str()); // NOLINT(concurrency-mt-unsafe): see above
  }
  scoped_variable(const scoped_variable&) = delete;
  scoped_variable& operator=(const scoped_variable&) = delete;

private:
  std::string name_;
};

} // namespace opr::test
