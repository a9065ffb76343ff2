#include "net/http1/outbox.hpp"

#include "net/http1/request_encoder.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

namespace opr::net {

void outbox::put_request(const outgoing& request, std::string_view host) {
  encode_head(frame_, request, host);
  left_ = {frame_, request.stream ? std::string_view{} : request.body, {}};
}

void outbox::put_piece(std::string piece, bool chunked) {
  if (piece.empty()) {
    left_ = {chunked ? last_chunk : std::string_view{}, {}, {}};
    return;
  }
  piece_ = std::move(piece);
  if (!chunked) {
    left_ = {piece_, {}, {}};
    return;
  }
  encode_chunk_size(frame_, piece_.size());
  left_ = {frame_, piece_, chunk_end};
}

bool outbox::empty() const noexcept {
  return std::all_of(left_.begin(), left_.end(), [](const auto& part) { return part.empty(); });
}

ssize_t outbox::send(int descriptor) {
  std::array<iovec, 3> parts{};
  size_t count = 0;
  for (const auto& part : left_)
    if (!part.empty())
      parts[count++] = {const_cast<char*>(part.data()), part.size()}; // NOLINT: the kernel only reads
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  ssize_t sent = 0;
  do
    sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  if (sent > 0)
    advance(static_cast<size_t>(sent));
  return sent;
}

void outbox::advance(size_t sent) noexcept {
  for (auto& part : left_) {
    auto taken = std::min(sent, part.size());
    part.remove_prefix(taken);
    sent -= taken;
  }
}

} // namespace opr::net
