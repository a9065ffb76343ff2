#pragma once

#include "core/result.hpp"
#include "net/http_client.hpp"
#include "storage/files/part_file.hpp"
#include "storage/s3/client.hpp"
#include "storage/s3/sums.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace opr::storage {

/// Writes the body of an answer to a new file, aside until it's known to be whole: on workers, with at most
/// about 2 MiB waiting, as the answer is held back meanwhile.
class file_sink final : public body_taker, public std::enable_shared_from_this<file_sink> {
public:
  /// @param path One that `path_fault` takes. @param trusts_etags Whether an ETag like an MD5 sum is one.
  file_sink(workers& pool, std::string path, bool trusts_etags)
      : pool_(pool), path_(std::move(path)), trusts_etags_(trusts_etags) {}

  failure begin(const net::response_head& head) override;
  net::flow take(std::string_view piece) override;
  void belongs_to(std::shared_ptr<net::call> call) override;

  /// Called when the answer is complete: writes the rest, compares what was promised and gives the file its
  /// name. @param on_done Called on a worker; or by the caller when the workers stop.
  void finish(then<done> on_done);
  /// What went wrong with the file, if anything, in a call that ended early.
  failure fault();

private:
  bool begin_writing();
  void write();
  failure write_one(std::string_view bytes);
  result<done> conclude();
  void wake_call();

  workers& pool_;
  const std::string path_;
  const bool trusts_etags_;
  std::optional<uint64_t> length_; ///< As promised.

  // Only of the job that writes, once the head has come.
  std::optional<part_file> part_;
  std::optional<promised_sum> sum_;
  uint64_t written_ = 0;
  std::string writing_; ///< Takes turns with `waiting_`, so that neither is allocated again.

  std::mutex mutex_; ///< Of what follows.
  std::string waiting_;
  bool is_writing_ = false;
  bool is_paused_ = false;
  failure fault_{ec::none, {}};
  std::shared_ptr<net::call> call_;
  then<done> on_done_;
};

} // namespace opr::storage
