#include "http/server/connection/outbox.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

namespace opr::http {

namespace {

constexpr size_t worth_joining = 16 * 1024; ///< Below this, copying is cheaper than keeping one more piece.
constexpr size_t pieces_at_once = 16;

/// @returns Bytes that the socket took, -1 when it takes none now or any more: see `errno`.
ssize_t send_now(int descriptor, iovec* pieces, size_t count) {
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = count;
  for (;;) {
    const auto sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 || errno != EINTR)
      return sent;
  }
}

bool is_only_full() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK; }

} // namespace

outbox::outcome outbox::send(int descriptor, std::string first, std::string second, std::string third) {
  std::string* const pieces[] = {&first, &second, &third};
  size_t sent = 0;
  if (pending_ == 0) { // the usual case: all of it goes out at once and nothing has to be kept
    iovec parts[3];
    for (size_t i = 0; i < 3; ++i)
      parts[i] = {pieces[i]->data(), pieces[i]->size()};
    const auto taken = send_now(descriptor, parts, 3);
    if (taken < 0 && !is_only_full())
      return outcome::broken;
    sent = taken < 0 ? 0 : static_cast<size_t>(taken);
  }
  for (auto* piece : pieces) {
    const auto gone = std::min(sent, piece->size());
    sent -= gone;
    taken_ += gone;
    if (gone < piece->size())
      keep(std::move(*piece), gone);
  }
  return pending_ > 0 ? outcome::blocked : outcome::sent;
}

outbox::outcome outbox::flush(int descriptor) {
  while (pending_ > 0) {
    iovec parts[pieces_at_once];
    size_t count = 0;
    size_t skip = offset_;
    for (auto piece = kept_.begin(); piece != kept_.end() && count < pieces_at_once; ++piece) {
      parts[count++] = {piece->data() + skip, piece->size() - skip};
      skip = 0;
    }
    const auto sent = send_now(descriptor, parts, count);
    if (sent < 0)
      return is_only_full() ? outcome::blocked : outcome::broken;
    drop(static_cast<size_t>(sent));
  }
  return outcome::sent;
}

void outbox::clear() noexcept {
  kept_.clear();
  offset_ = pending_ = 0;
}

void outbox::keep(std::string piece, size_t gone) {
  pending_ += piece.size() - gone;
  if (kept_.empty())
    offset_ = gone;
  if (!kept_.empty() && kept_.back().size() + piece.size() <= worth_joining)
    kept_.back() += piece;
  else
    kept_.push_back(std::move(piece));
}

void outbox::drop(size_t sent) {
  pending_ -= sent;
  taken_ += sent;
  offset_ += sent;
  while (!kept_.empty() && offset_ >= kept_.front().size()) {
    offset_ -= kept_.front().size();
    kept_.pop_front();
  }
}

} // namespace opr::http
