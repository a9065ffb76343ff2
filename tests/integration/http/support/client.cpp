#include "support/client.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace opr::http::test {

client::client(uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const timeval limit{patience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

client::~client() { leave(); }

client::client(client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

client& client::operator=(client&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(unread_, other.unread_);
  return *this;
}

bool client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

answer client::ask(std::string_view bytes) {
  send(bytes);
  return read();
}

answer client::read(bool to_head) {
  answer got;
  const auto first = line();
  if (first.size() < 12)
    return {};
  for (auto field = line(); !field.empty(); field = line()) {
    const auto colon = field.find(": ");
    got.headers.push_back({field.substr(0, colon), field.substr(colon + 2)});
  }
  const auto status = std::stoi(first.substr(9, 3));
  if (const auto* length = find_header(got.headers, "content-length"); length && !to_head) {
    got.body = bytes(std::stoul(*length));
    if (got.body.size() < std::stoul(*length))
      return {};
  } else if (find_header(got.headers, "transfer-encoding") && !to_head) {
    for (;;) {
      const auto size = line();
      if (size.empty())
        return {};
      const auto count = std::stoul(size, nullptr, 16);
      got.body += bytes(count);
      line();
      if (count == 0)
        break;
    }
  } else if (find_header(got.headers, "connection") && !length && !to_head && status != 204 &&
             status != 304) {
    for (auto more = read_some(); !more.empty(); more = read_some())
      got.body += more;
  }
  got.status = status;
  return got;
}

std::string client::read_some(size_t most) {
  if (unread_.empty() && !fill())
    return {};
  auto out = unread_.substr(0, most);
  unread_.erase(0, most);
  return out;
}

bool client::sees_end() {
  char byte;
  return unread_.empty() && ::recv(socket_, &byte, 1, 0) == 0;
}

bool client::sees_reset() {
  while (fill())
    unread_.clear();
  return errno == ECONNRESET;
}

void client::end_sending() { ::shutdown(socket_, SHUT_WR); }

void client::leave() {
  if (socket_ >= 0)
    ::close(std::exchange(socket_, -1));
}

void client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  leave();
}

bool client::fill() {
  char buffer[65536];
  errno = 0;
  const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
  if (count <= 0)
    return false;
  unread_.append(buffer, static_cast<size_t>(count));
  return true;
}

std::string client::line() {
  for (;;) {
    const auto end = unread_.find("\r\n");
    if (end != std::string::npos) {
      auto out = unread_.substr(0, end);
      unread_.erase(0, end + 2);
      return out;
    }
    if (!fill())
      return {};
  }
}

std::string client::bytes(size_t count) {
  while (unread_.size() < count && fill()) {
  }
  auto out = unread_.substr(0, count);
  unread_.erase(0, count);
  return out;
}

std::string get(std::string_view target, std::string_view fields) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view body, std::string_view target, std::string_view fields) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

std::string chunked_post(std::string_view body, size_t chunk, std::string_view target,
                         std::string_view fields) {
  auto wire = "POST " + std::string(target) + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n" +
              std::string(fields) + "\r\n";
  wire.reserve(wire.size() + body.size() + (body.size() / chunk + 2) * 20);
  while (!body.empty()) {
    const auto piece = body.substr(0, chunk);
    char head[20];
    wire.append(head, static_cast<size_t>(std::snprintf(head, sizeof head, "%zx\r\n", piece.size())));
    wire.append(piece).append("\r\n");
    body.remove_prefix(piece.size());
  }
  return wire + "0\r\n\r\n";
}

} // namespace opr::http::test
