#include "net/http1/outbox.hpp"

#include "net/http1/request_encoder.hpp"

#include <algorithm>

namespace opr::net {

using boost::asio::buffer;

void outbox::put_request(const outgoing& request, std::string_view host) {
  encode_head(frame_, request, host);
  left_ = {buffer(frame_), {}, {}};
  if (!request.stream)
    left_[1] = {request.body.data(), request.body.size()};
}

void outbox::put_piece(std::string piece) {
  if (piece.empty()) {
    left_ = {buffer(last_chunk), {}, {}};
    return;
  }
  piece_ = std::move(piece);
  encode_chunk_size(frame_, piece_.size());
  left_ = {buffer(frame_), buffer(piece_), buffer(chunk_end)};
}

bool outbox::empty() const noexcept {
  return std::all_of(left_.begin(), left_.end(), [](const auto& part) { return part.size() == 0; });
}

void outbox::advance(size_t sent) noexcept {
  for (auto& part : left_) {
    auto taken = std::min(sent, part.size());
    part += taken;
    sent -= taken;
  }
}

} // namespace opr::net
