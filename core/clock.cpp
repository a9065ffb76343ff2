#include "core/clock.hpp"

#include <cstdio>
#include <ctime>

namespace opr {

double unix_seconds(wall_clock::time_point at) noexcept {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

std::string iso8601(wall_clock::time_point at) {
  using namespace std::chrono;
  auto since = floor<milliseconds>(at.time_since_epoch());
  auto whole = floor<std::chrono::seconds>(since);
  auto seconds = static_cast<std::time_t>(whole.count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32];
  auto length = std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  char rest[16];
  std::snprintf(rest, sizeof rest, ".%03d+00:00", static_cast<int>((since - whole).count()));
  return std::string(date, length) + rest;
}

} // namespace opr
