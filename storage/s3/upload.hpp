#pragma once

#include "storage/files/open.hpp"
#include "storage/s3/client.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace opr::storage {

/// Stores a file as an object, in one request or in parts by the rules of its place, with constant memory.
/// The object appears whole or not at all; parts of an upload that fails are given up. What came is compared
/// with the MD5 sums of the server's ETags.
/// @param key Without a slash in front.
/// @param on_done Called once, from any thread, with the size in bytes.
void upload(const std::shared_ptr<s3_client>& client, workers& pool, open_file file, const std::string& key,
            time_point deadline, then<uint64_t> on_done);

} // namespace opr::storage
