#pragma once

#include "net/http_client.hpp"
#include "storage/files/open.hpp"
#include "storage/s3/sums.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace opr::storage {

/// A part of a file as a request's body, read by workers a piece at a time, one ahead of what is sent.
class file_source final : public net::body_source, public std::enable_shared_from_this<file_source> {
public:
  file_source(workers& pool, std::shared_ptr<const open_file> file, uint64_t from, uint64_t size)
      : pool_(pool), file_(std::move(file)), at_(from), left_(size) {}

  /// A file that ends early, can't be read, or workers that stop end the body too early.
  void pull(std::function<void(std::string piece)> ready) override;

  /// The MD5 sum of what was sent, in hex; empty unless that was the whole body. Once.
  std::string md5();

private:
  bool begin_reading();
  void read();
  std::string read_piece();

  workers& pool_;
  const std::shared_ptr<const open_file> file_;

  // Only of the job that reads, or, when there is none, of who holds the mutex.
  uint64_t at_;
  uint64_t left_;
  const std::unique_ptr<running_sum> md5_ = make_md5_sum();

  std::mutex mutex_; ///< Of what follows; not held while a file is read or others are called.
  bool is_reading_ = false;
  std::string next_;                             ///< Read and not yet asked for.
  std::function<void(std::string piece)> ready_; ///< Asked for and not yet read.
};

} // namespace opr::storage
