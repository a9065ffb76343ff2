// A runtime that does no work: answers every request on port 3000 with the same 200, so that a benchmark
// measures what stands in front of it. One thread, epoll, keep-alive; bodies with a Content-Length are read
// and dropped. A request that it can't frame (chunked, HEAD, a head of more than 64 KiB) ends its connection;
// answers are so small that a send that doesn't take one whole means a client that doesn't read, and ends the
// connection too.
#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
constexpr size_t head_limit = 64 * 1024;

struct connection {
  int fd;
  std::string head;     ///< What has come of a head that isn't whole yet; empty for most requests.
  size_t body_left = 0; ///< Bytes of the body still to drop before the answer.
  bool in_body = false;
};

/// Value of a header in a request head, without surrounding blanks; empty if there is none.
std::string_view header(std::string_view head, std::string_view name) {
  for (size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        strncasecmp(line.data(), name.data(), name.size()) == 0) {
      line.remove_prefix(name.size() + 1);
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      return line;
    }
  }
  return {};
}

bool send_answer(const connection& peer) {
  return send(peer.fd, answer.data(), answer.size(), MSG_NOSIGNAL) == ssize_t(answer.size());
}

/// Takes a whole request head. @returns Whether the connection goes on.
bool begin_request(connection& peer, std::string_view head) {
  if (!header(head, "transfer-encoding").empty() || head.substr(0, 5) == "HEAD ") {
    return false;
  }
  peer.body_left = strtoull(std::string(header(head, "content-length")).c_str(), nullptr, 10);
  peer.in_body = true;
  return header(head, "expect").empty() ||
         send(peer.fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL) == 25;
}

/// Takes what was received. @returns Whether the connection goes on.
bool consume(connection& peer, std::string_view data) {
  while (true) {
    if (peer.in_body) {
      const size_t dropped = std::min(peer.body_left, data.size());
      data.remove_prefix(dropped);
      peer.body_left -= dropped;
      if (peer.body_left > 0) {
        return true;
      }
      peer.in_body = false;
      if (!send_answer(peer)) {
        return false;
      }
    }
    if (data.empty()) {
      return true;
    }
    // A head that came in pieces goes on where its beginning was put.
    const size_t kept = peer.head.size();
    peer.head.append(data);
    const size_t end = peer.head.find("\r\n\r\n", kept < 3 ? 0 : kept - 3);
    if (end == std::string::npos) {
      return peer.head.size() <= head_limit;
    }
    const bool goes_on = begin_request(peer, std::string_view(peer.head).substr(0, end + 2));
    data.remove_prefix(end + 4 - kept);
    peer.head.clear();
    if (!goes_on) {
      return false;
    }
  }
}

/// @returns Whether the connection goes on.
bool receive(connection& peer) {
  static char buffer[256 * 1024];
  const ssize_t size = recv(peer.fd, buffer, sizeof buffer, 0);
  return size > 0 ? consume(peer, {buffer, size_t(size)}) : size < 0 && (errno == EAGAIN || errno == EINTR);
}

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(fd, 4096) != 0) {
    perror("static_server cannot listen");
    exit(1);
  }
  return fd;
}

void watch(int epoll, int fd, connection* peer) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = peer;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

void accept_all(int epoll, int listener) {
  int fd;
  while ((fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, fd, new connection{fd, {}});
  }
}

} // namespace

int main() {
  const int listener = listen_on(3000);
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener, nullptr);
  epoll_event events[512];
  while (true) {
    const int ready = epoll_wait(epoll, events, 512, -1);
    for (int i = 0; i < ready; ++i) {
      auto* peer = static_cast<connection*>(events[i].data.ptr);
      if (peer == nullptr) {
        accept_all(epoll, listener);
      } else if (!receive(*peer)) {
        close(peer->fd);
        delete peer;
      }
    }
  }
}
