#pragma once

#include "http/server/connection/connection.hpp"
#include "http/server/endpoint/descriptors.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace opr::http {

struct front_end;

/// All connections of a server. On the front end's thread, but for `await_none`.
class peers {
public:
  peers(std::shared_ptr<front_end> front, descriptor_plan plan) : front_(std::move(front)), plan_(plan) {}

  /// Takes on a client. @param socket Pistache's descriptor of it. @returns Nothing when it is shut out.
  std::shared_ptr<connection> arrived(int socket);
  /// Pistache has let go of a client. @param left What `arrived` gave.
  void left(const std::shared_ptr<connection>& left);

  void check_deadlines();
  void drain();
  /// Closes all, and whoever still comes.
  void close_all();
  /// Any thread, after `close_all`: waits until Pistache has let go of every client.
  void await_none();

private:
  const std::shared_ptr<front_end> front_;
  const descriptor_plan plan_;
  std::unordered_set<std::shared_ptr<connection>> connections_;
  bool closing_ = false;

  std::mutex mutex_;
  std::condition_variable none_left_;
  size_t present_ = 0; ///< Clients that Pistache holds. Guarded by the mutex, as is `shut_`.
  bool shut_ = false;
};

} // namespace opr::http
