#include "scripted_server.hpp"

#include <algorithm>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace opr::test {

namespace {

int listen_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 16) != 0)
    throw std::runtime_error("can't listen on " + path);
  return listener;
}

/// Reads a request's head; its body, if any, is in the same read of these tests.
void read_request(int connection) {
  std::string seen;
  char buffer[4096];
  while (seen.find("\r\n\r\n") == std::string::npos) {
    auto got = read(connection, buffer, sizeof buffer);
    if (got <= 0)
      return;
    seen.append(buffer, static_cast<size_t>(got));
  }
}

} // namespace

scripted_server::scripted_server(std::vector<std::string> answers)
    : path_((folder_.path() / "engine.sock").string()), answers_(std::move(answers)),
      listener_(listen_on(path_)), thread_([this] { serve(); }) {}

scripted_server::~scripted_server() {
  shutdown(listener_, SHUT_RDWR); // ends the accept
  thread_.join();
  close(listener_);
  for (int connection : silent_)
    close(connection);
}

void scripted_server::serve() {
  for (size_t served = 0;; ++served) {
    int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0)
      return;
    read_request(connection);
    const auto& answer = answers_[std::min(served, answers_.size() - 1)];
    if (answer.empty()) {
      silent_.push_back(connection);
      continue;
    }
    send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    shutdown(connection, SHUT_WR);
    close(connection);
  }
}

} // namespace opr::test
