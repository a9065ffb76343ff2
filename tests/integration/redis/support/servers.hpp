#pragma once

#include "actors/proxy/redis/connection.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <string>
#include <vector>

namespace opr::test {

/// A real redis-server on a free port of 127.0.0.1, without persistence; it goes at the end of the test.
class redis_server {
public:
  /// @throws std::runtime_error if there is no redis-server (Debian: redis-server) or it doesn't start.
  explicit redis_server(std::vector<std::string> options = {});

  const redis_address& where() const noexcept { return where_; }
  std::string dsn() const { return "redis://" + to_string(where_); }

  void freeze() { program_->send(SIGSTOP); }
  void thaw() { program_->send(SIGCONT); }
  void kill();
  /// Starts it again, empty, on the same port.
  void start();

  /// Runs a command. @returns The answer as text; a list's items with a space between. @throws on any error
  std::string run(const redis::words& command) const;

private:
  temp_dir dir_;
  redis_address where_;
  std::vector<std::string> options_;
  std::unique_ptr<process> program_;
};

/// Three masters of a cluster, each with a third of the slots, and a replica of one of them.
class redis_cluster {
public:
  redis_cluster();

  /// The master that has a slot, by what the cluster says now. @throws std::runtime_error if there is none
  redis_server& owner(uint16_t slot);
  redis_server& other_than(const redis_server& one);
  /// Gives the replica to the master that has this slot, and waits until it follows. @returns The replica.
  redis_server& replicate(uint16_t slot);
  /// Moves a slot with its keys to another master, the proper way.
  void move(uint16_t slot, redis_server& to);
  /// Names all masters, `first` at the front.
  std::string dsn(const redis_server& first) const;

private:
  std::vector<std::unique_ptr<redis_server>> servers_; ///< The replica is the last.
};

} // namespace opr::test
