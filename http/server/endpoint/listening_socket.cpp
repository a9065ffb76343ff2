#include "http/server/endpoint/listening_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace opr::http {

namespace {

bool listens(int descriptor) {
  int yes = 0;
  socklen_t size = sizeof yes;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &yes, &size) == 0 && yes != 0;
}

uint16_t port_of(int descriptor) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return 0;
  if (name.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  if (name.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
  return 0;
}

/// A socket in the state of listening that nobody can connect to, as its name is known to nobody.
int make_unreachable() {
  const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_un unnamed{};
  unnamed.sun_family = AF_UNIX;
  if (made < 0 || ::bind(made, reinterpret_cast<sockaddr*>(&unnamed), sizeof unnamed.sun_family) != 0 ||
      ::listen(made, 0) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a socket");
  return made;
}

int find(uint16_t port, const std::vector<int>& before) {
  for (const int found : listening_socket::all())
    if (port_of(found) == port && std::find(before.begin(), before.end(), found) == before.end())
      return found;
  throw std::runtime_error("the listening socket of port " + std::to_string(port) + " can't be found");
}

} // namespace

std::vector<int> listening_socket::all() {
  std::vector<int> out;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    if (const int descriptor = std::stoi(entry.path().filename()); listens(descriptor))
      out.push_back(descriptor);
  return out;
}

listening_socket::listening_socket(uint16_t port, const std::vector<int>& before)
    : descriptor_(find(port, before)), unreachable_(make_unreachable()) {}

listening_socket::~listening_socket() { ::close(unreachable_); }

void listening_socket::set_backlog(int length) const { ::listen(descriptor_, length); }

void listening_socket::close() const noexcept { ::dup3(unreachable_, descriptor_, O_CLOEXEC); }

} // namespace opr::http
