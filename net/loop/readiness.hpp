#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <vector>

namespace opr::net {

/// What a descriptor is ready for.
struct readable_writable {
  bool readable = false; ///< There is input, the end of it, or an error to be had.
  bool writable = false;
  bool ended = false; ///< The peer sends no more: after the input that is there, comes its end.
};

/// Told about its descriptor. Events are edges: what was told once isn't told again before it was used up,
/// that is, before a read or a write has been given less than it asked for. I/O thread.
class watcher {
public:
  virtual ~watcher() = default;
  virtual void on_ready(readable_writable what) = 0;
};

/// The descriptors that the I/O thread waits for, in an epoll set inside Asio's own: Asio takes a system call
/// for every single wait, this takes two for as many as are ready. I/O thread only.
class readiness {
public:
  /// What `watch` gives, for `forget`.
  using ticket = uint32_t;

  explicit readiness(boost::asio::io_context& context);

  /// Watches a descriptor from now on. @returns 0, or the error of the system.
  int watch(int descriptor, watcher& whom, ticket& given);
  /// The watcher isn't called again. To be called before the descriptor is closed.
  void forget(int descriptor, ticket given) noexcept;

private:
  struct slot {
    watcher* whom = nullptr;
    uint32_t life = 0; ///< Tells an event of an earlier holder of this slot.
  };

  void await();
  void tell();

  boost::asio::posix::stream_descriptor set_;
  std::vector<slot> slots_;
  std::vector<ticket> free_;
};

} // namespace opr::net
