#include "storage/files/write.hpp"

#include "storage/files/fault.hpp"

#include <cerrno>
#include <unistd.h>

namespace opr::storage {

result<done> write_all(int to, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    auto written = write(to, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR)
      return write_fault(errno, path);
    if (written > 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return done{};
}

} // namespace opr::storage
