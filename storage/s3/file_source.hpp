#pragma once

#include "net/http_client.hpp"
#include "storage/files/open.hpp"
#include "storage/s3/digest.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace opr::storage {

/// A part of a file as a request's body, read by workers a piece at a time.
class file_source final : public net::body_source, public std::enable_shared_from_this<file_source> {
public:
  file_source(workers& pool, std::shared_ptr<const open_file> file, uint64_t from, uint64_t size)
      : pool_(pool), file_(std::move(file)), at_(from), left_(size) {}

  /// A file that ends early, can't be read, or workers that stop end the body too early.
  void pull(std::function<void(std::string piece)> ready) override;

  /// The MD5 sum of what was sent, in hex; empty unless that was the whole body. Once.
  std::string md5();

private:
  std::string read_piece();

  workers& pool_;
  const std::shared_ptr<const open_file> file_;
  std::mutex mutex_; ///< Of what follows: a server may answer before it has had the whole body.
  uint64_t at_;
  uint64_t left_;
  md5_sum md5_;
};

} // namespace opr::storage
