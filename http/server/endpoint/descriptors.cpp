#include "http/server/endpoint/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace opr::http {

namespace {

constexpr rlim_t for_others = 512; ///< Outbound connections, files, epoll instances …
constexpr rlim_t usual_duplicates_from = 4096;

} // namespace

descriptor_plan make_room_for(size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t needed = std::max<rlim_t>(usual_duplicates_from + wanted, 2 * wanted) + for_others;
  if (limit.rlim_cur < needed) {
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  const auto room = limit.rlim_cur > for_others ? (limit.rlim_cur - for_others) / 2 : 1;
  return {static_cast<int>(std::min(usual_duplicates_from, limit.rlim_cur / 2)),
          std::min<size_t>(wanted, room)};
}

} // namespace opr::http
