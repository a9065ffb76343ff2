#include "app/health_probe.hpp"

#include "storage/files/descriptor.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>

namespace opr::app {

namespace {

constexpr time_t patience = 4; ///< Seconds for each step; who is well answers within milliseconds.
constexpr std::string_view request_end =
    " HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";

failure unhealthy(std::string why) { return {ec::general_unavailable, std::move(why)}; }

/// Where a program that listens on `address` is reached from its own machine.
std::string own_address(const std::string& address) {
  if (address == "0.0.0.0")
    return "127.0.0.1";
  return address == "::" ? "::1" : address;
}

result<storage::descriptor> connect_to(const health_question& whom) {
  auto address = own_address(whom.address);
  auto port = std::to_string(whom.port);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), port.c_str(), &hints, &found) != 0)
    return unhealthy(address + " is no address");
  std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> where{found, freeaddrinfo};
  storage::descriptor connection{socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  timeval limit{patience, 0};
  setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); // Also for the connect.
  setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (!connection || connect(connection.get(), where->ai_addr, where->ai_addrlen) != 0)
    return unhealthy("no " + std::string(whom.name) + " can be reached at " + address + " port " + port +
                     ": " + std::generic_category().message(errno));
  return connection;
}

/// The beginning of the answer, up to a few hundred bytes.
std::string answer_of(const storage::descriptor& connection, std::string_view path) {
  auto request = "GET " + std::string(path) + std::string(request_end);
  if (send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    return {};
  std::array<char, 1024> answer{};
  std::size_t size = 0;
  while (size < answer.size()) {
    auto got = recv(connection.get(), answer.data() + size, answer.size() - size, 0);
    if (got <= 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  return {answer.data(), size};
}

} // namespace

result<done> probe_health(const health_question& whom) {
  if (whom.port == 0)
    return unhealthy("port is 0, so nobody knows where the " + std::string(whom.name) + " listens");
  auto connection = connect_to(whom);
  if (!connection)
    return connection.error();
  auto answer = answer_of(*connection, whom.path);
  if (answer.rfind("HTTP/1.1 200 ", 0) == 0)
    return done{};
  auto body = answer.find("\r\n\r\n");
  if (body == std::string::npos)
    return unhealthy("the " + std::string(whom.name) + " gives no answer");
  return unhealthy("the " + std::string(whom.name) + " answers " + answer.substr(9, 3) + ": " +
                   answer.substr(body + 4));
}

} // namespace opr::app
