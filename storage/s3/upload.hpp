#pragma once

#include "storage/files/open.hpp"
#include "storage/s3/client.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace opr::storage {

/// What decides on how a file is sent.
struct upload_rules {
  uint64_t part_size = uint64_t{16} << 20U; ///< S3 takes no less than 5 MiB, but for the last part.
  /// Larger files go in parts, which cost requests but needn't all be sent again when a connection breaks;
  /// from this size on Amazon recommends them.
  uint64_t single_up_to = uint64_t{100} << 20U;
  size_t parts_at_once = 3;
};

/// Stores a file as an object, in one request or in parts, with constant memory. The object appears whole or
/// not at all; parts of an upload that fails are given up. What came is compared with the MD5 sums of the
/// server's ETags.
/// @param key Without a slash in front.
/// @param on_done Called once, from any thread, with the size in bytes.
void upload(const std::shared_ptr<s3_client>& client, workers& pool, open_file file, const std::string& key,
            const upload_rules& rules, time_point deadline, then<uint64_t> on_done);

} // namespace opr::storage
