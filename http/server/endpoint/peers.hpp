#pragma once

#include "http/server/connection/connection.hpp"
#include "http/server/endpoint/descriptors.hpp"
#include "net/loop/deadline.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace opr::http {

struct front_end;

/// The connections of a server that one I/O thread serves, and their clock. That thread only.
class peers : private net::deadline {
public:
  /// @param on_tick Called each time that the connections' time limits have been checked.
  peers(front_end& front, size_t thread, descriptor_plan plan, std::chrono::milliseconds tick,
        std::function<void()> on_tick)
      : front_(front), thread_(thread), plan_(plan), tick_(tick), on_tick_(std::move(on_tick)) {}

  /// Takes on a client. @param reading,writing Two descriptors of its socket; owned from here on.
  void arrived(const std::shared_ptr<front_end>& front, int reading, int writing);
  /// Forgets a connection that has nothing left to do.
  void left(connection& whom) { connections_.erase(&whom); }

  void start_ticking() { on_deadline(); }
  void drain();
  /// Closes all, and whoever still comes. The clock stops.
  void close_all();

private:
  void on_deadline() override;
  /// A copy: what is done to a connection may end it, and so take it out of `connections_`.
  std::vector<std::shared_ptr<connection>> all() const;

  front_end& front_;
  const size_t thread_;
  const descriptor_plan plan_;
  const std::chrono::milliseconds tick_;
  const std::function<void()> on_tick_;
  std::unordered_map<connection*, std::shared_ptr<connection>> connections_;
  bool closing_ = false;
};

} // namespace opr::http
