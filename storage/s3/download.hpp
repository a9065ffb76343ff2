#pragma once

#include "storage/device.hpp"
#include "storage/s3/client.hpp"
#include "storage/workers.hpp"

#include <memory>
#include <string>

namespace opr::storage {

/// Copies an object to a new local file, which appears whole or not at all.
/// @param key Without a slash in front. @param known_etag Empty: none is known. An ETag is an object's
/// version.
/// @param on_done Called once, from any thread.
void download(const std::shared_ptr<s3_client>& client, workers& pool, const std::string& key,
              const std::string& known_etag, const std::string& local_path, time_point deadline,
              then<fetched> on_done);

} // namespace opr::storage
