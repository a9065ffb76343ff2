#include "tests/integration/net/support/scripted_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace opr::test {

namespace {

/// The length of a request's body as its head says, or the end of a chunked one.
constexpr std::string_view length_field = "Content-Length: ";
constexpr std::string_view chunked_field = "Transfer-Encoding: chunked";

descriptor listen_on_unix(const std::string& path) {
  descriptor made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  if (bind(made.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || listen(made.get(), 1024) != 0)
    throw_errno("listen");
  return made;
}

} // namespace

descriptor bind_free_port(net::address& where, int backlog) {
  descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  if (bind(made.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 ||
      getsockname(made.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0)
    throw_errno("bind");
  if (backlog >= 0 && listen(made.get(), backlog) != 0)
    throw_errno("listen");
  where = {{}, "127.0.0.1", ntohs(name.sin_port)};
  return made;
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string peer::request() {
  auto text = read_until("\r\n\r\n");
  if (text.find(chunked_field) != std::string::npos)
    return text + read_until("0\r\n\r\n");
  auto length = text.find(length_field);
  if (length != std::string::npos)
    text += read_size(std::stoul(text.substr(length + length_field.size())));
  return text;
}

std::string peer::read_until(std::string_view mark) {
  size_t found = 0;
  while ((found = received_.find(mark)) == std::string::npos)
    read_some();
  return read_size(found + mark.size());
}

std::string peer::read_size(size_t size) {
  while (received_.size() < size)
    read_some();
  auto text = received_.substr(0, size);
  received_.erase(0, size);
  return text;
}

std::string peer::read_up_to(size_t most) {
  if (received_.empty())
    read_some();
  return read_size(std::min(most, received_.size()));
}

std::string peer::read_to_end() {
  try {
    for (;;)
      read_some();
  } catch (const client_gone&) {
    return std::exchange(received_, {});
  }
}

void peer::read_some() {
  char bytes[65536];
  auto got = recv(socket_.get(), bytes, sizeof bytes, 0);
  if (got <= 0)
    throw client_gone();
  received_.append(bytes, static_cast<size_t>(got));
}

void peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0)
      throw client_gone();
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

size_t peer::send_until_stuck(size_t limit) {
  timeval patience{0, 300'000};
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const std::string block(4096, 'x');
  size_t total = 0;
  while (total < limit) {
    auto sent = ::send(socket_.get(), block.data(), std::min(block.size(), limit - total), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN)
      throw client_gone();
    if (sent < 0)
      break;
    total += static_cast<size_t>(sent);
  }
  patience = {};
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return total;
}

void peer::close() noexcept {
  std::lock_guard lock(mutex_);
  socket_.reset();
}

void peer::reset() noexcept {
  linger at_once{1, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void peer::interrupt() noexcept {
  std::lock_guard lock(mutex_);
  shutdown(socket_.get(), SHUT_RDWR);
}

scripted_server::scripted_server(script what_to_do) : script_(std::move(what_to_do)) {
  listener_ = bind_free_port(where_, 1024);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_server::scripted_server(net::address where, script what_to_do)
    : script_(std::move(what_to_do)), where_(std::move(where)), listener_(listen_on_unix(where_.unix_path)),
      acceptor_([this] { accept_all(); }) {}

scripted_server::~scripted_server() {
  shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  {
    std::lock_guard lock(mutex_);
    for (auto& one : peers_)
      one.interrupt();
  }
  for (auto& one : threads_)
    one.join();
}

void scripted_server::accept_all() {
  for (;;) {
    auto fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;
    std::lock_guard lock(mutex_);
    auto& client = peers_.emplace_back(fd, connections_++);
    threads_.emplace_back([this, &client] { serve(client); });
  }
}

void scripted_server::serve(peer& client) {
  try {
    script_(client);
  } catch (const client_gone&) { // A script ends where its client does.
  }
  client.close();
}

} // namespace opr::test
