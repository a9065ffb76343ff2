#include "app/name_claim.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>

namespace opr::app {

namespace {

/// FNV-1a, so that any folder's path fits into a socket's name.
std::string digest(const std::string& text) {
  uint64_t hash = 14695981039346656037U;
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return std::to_string(hash);
}

} // namespace

result<storage::descriptor> claim_name(const std::string& executor, const std::string& data_dir) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto name = "openruntimes-executor-" + digest(executor + "\n" + data_dir);
  std::memcpy(address.sun_path + 1, name.data(), name.size()); // The first byte stays 0: an abstract name.
  auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  storage::descriptor claimed{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (claimed && bind(claimed.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0)
    return claimed;
  if (errno == EADDRINUSE)
    return {ec::general_unavailable, "an executor of the name " + executor + " with the data folder " +
                                         data_dir + " runs already: two on one machine need a hostname each"};
  return {ec::general_unknown,
          "could not claim the executor's name: " + std::generic_category().message(errno)};
}

} // namespace opr::app
