#include "app/storages.hpp"

#include "storage/cache/device.hpp"
#include "storage/dsn.hpp"
#include "storage/local.hpp"
#include "storage/s3/device.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace opr::app {

namespace {

constexpr uint64_t megabyte = uint64_t{1} << 20U;

using device = std::unique_ptr<storage::device>;

/// Puts local copies before a bucket.
device with_copies(device bucket, const config::executor_settings& settings, storage::workers& files) {
  if (settings.source_cache_size == 0)
    return bucket;
  // No runtime's folder begins with a dot.
  auto folder = storage::cache_folder::open(settings.data_dir + "/." + settings.hostname + ".source-cache");
  if (folder)
    return storage::make_cached_device(std::move(bucket), *folder,
                                       {settings.source_cache_size * megabyte, settings.source_cache_max_age},
                                       files);
  spdlog::warn("executor keeps no copies of source archives: {}", folder.error().detail);
  return bucket;
}

} // namespace

result<storages> open_storages(const config::executor_settings& settings, net::http_client& client,
                               net::io_threads& io, storage::workers& files) {
  storages out;
  auto archives = storage::parse_dsn(settings.storage);
  auto caches = storage::parse_dsn(settings.build_cache_storage);
  if (!archives || !caches)
    return {ec::general_argument_invalid, !archives
                                              ? "connection_storage: " + archives.error().detail
                                              : "connection_build_cache_storage: " + caches.error().detail};
  if (const auto* bucket = std::get_if<storage::s3_place>(&*archives))
    out.archives = with_copies(storage::make_s3_device(client, io, files, *bucket), settings, files);
  else
    out.archives = storage::make_local_device(files, settings.storage_roots);
  if (settings.build_cache_storage.empty())
    return out;
  if (const auto* bucket = std::get_if<storage::s3_place>(&*caches))
    out.build_caches = storage::make_s3_device(client, io, files, *bucket);
  else
    out.build_caches = storage::make_local_device(files);
  return out;
}

} // namespace opr::app
