#pragma once

#include "net/io_threads.hpp"

#include <functional>
#include <memory>
#include <string>

namespace opr::storage {

/// Tells when files in folders are written to, by the kernel's inotify; one descriptor for all folders.
class folder_watch {
public:
  explicit folder_watch(net::io_threads& io);
  ~folder_watch(); ///< Before the I/O threads are stopped, or after. Nobody is told anything any more.

  folder_watch(const folder_watch&) = delete;
  folder_watch& operator=(const folder_watch&) = delete;

  /// Any thread. @param on_change Called on an I/O thread, until what this returns is let go (a call may just
  /// be under way then); must not block.
  /// @returns Nothing if the folder can't be watched.
  std::shared_ptr<void> watch(const std::string& folder, std::function<void()> on_change);

private:
  struct shared;
  std::shared_ptr<shared> shared_;
  net::loop& loop_;
};

} // namespace opr::storage
