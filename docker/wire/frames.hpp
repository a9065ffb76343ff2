#pragma once

#include "docker/engine.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace opr::docker {

/// Takes the Engine's raw stream apart: frames of an 8-byte header (stream, three zeros, big-endian length)
/// and their payload, cut into pieces anywhere. Payload is handed on as it comes; nothing is kept but the
/// header, so a hostile length costs nothing.
class frame_parser {
public:
  using sink = std::function<void(stream, std::string_view)>;

  /// @returns False if the bytes are no raw stream; feed nothing after that.
  bool feed(std::string_view bytes, const sink& on_payload);

  /// Whether the stream may end here: the last frame is whole.
  bool at_boundary() const noexcept { return header_size_ == 0 && payload_left_ == 0; }

private:
  bool begin_frame() noexcept;

  std::array<unsigned char, 8> header_{};
  std::size_t header_size_ = 0; ///< How much of the next header is there.
  uint32_t payload_left_ = 0;
  stream current_ = stream::std_out;
};

} // namespace opr::docker
