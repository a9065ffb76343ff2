#pragma once

#include "net/loop/deadline.hpp"
#include "net/loop/mailbox.hpp"
#include "net/loop/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <memory>
#include <unordered_set>

namespace opr::net {

/// Something that has to be ended before the I/O thread stops.
class resident {
public:
  virtual ~resident() = default;
  /// Ends whatever is under way with `ec::cancelled` and gives up all descriptors. I/O thread.
  virtual void on_stop() = 0;
};

/// What everything on the I/O thread shares. Only `tasks` may be used by other threads.
class loop {
public:
  explicit loop(boost::asio::io_context& io)
      : context(io), tasks(std::make_shared<mailbox>(io)), alarm(io), ready(io) {}

  boost::asio::io_context& context;
  const std::shared_ptr<mailbox> tasks;
  alarm_clock alarm;
  readiness ready;
  std::unordered_set<std::shared_ptr<resident>> residents;
  /// What was read last, valid until somebody reads again. One for all: nobody keeps it across events.
  std::array<char, size_t{64} * 1024> read_buffer;

  /// Ends all residents. Nothing starts here any more.
  void end();
};

} // namespace opr::net
