#include "docker/wire/frames.hpp"

#include <algorithm>

namespace opr::docker {

bool frame_parser::feed(std::string_view bytes, const sink& on_payload) {
  while (!bytes.empty()) {
    if (payload_left_ > 0) {
      auto payload = bytes.substr(0, payload_left_);
      bytes.remove_prefix(payload.size());
      payload_left_ -= static_cast<uint32_t>(payload.size());
      on_payload(current_, payload);
      continue;
    }
    auto taken = std::min(header_.size() - header_size_, bytes.size());
    std::copy_n(bytes.begin(), taken, header_.begin() + static_cast<std::ptrdiff_t>(header_size_));
    bytes.remove_prefix(taken);
    header_size_ += taken;
    if (header_size_ == header_.size() && !begin_frame())
      return false;
  }
  return true;
}

bool frame_parser::begin_frame() noexcept {
  if (header_[0] > static_cast<unsigned char>(stream::std_err) || header_[1] != 0 || header_[2] != 0 ||
      header_[3] != 0)
    return false;
  current_ = static_cast<stream>(header_[0]);
  payload_left_ = uint32_t{header_[4]} << 24U | uint32_t{header_[5]} << 16U | uint32_t{header_[6]} << 8U |
                  uint32_t{header_[7]};
  header_size_ = 0;
  return true;
}

} // namespace opr::docker
