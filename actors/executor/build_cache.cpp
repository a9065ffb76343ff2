#include "actors/executor/build_cache.hpp"

#include "core/utf8.hpp"

namespace opr {

namespace {

/// A cache that takes longer costs more time than it saves.
constexpr std::chrono::seconds cache_limit{300};
constexpr const char* file_name = "/stores.sqfs";

storage::device& caches_of(const services_ptr& with) {
  return with->build_caches != nullptr ? *with->build_caches : with->storage;
}

/// @param what Before the reason: `could not be restored`.
std::string warning_of(const failure& why, const std::string& what) {
  if (why.code == ec::none || why.code == ec::source_not_found)
    return {};
  return "The cache " + what + ": " + (why.detail.empty() ? std::string(to_string(why.code)) : why.detail);
}

} // namespace

std::string build_cache_path(const std::string& folder, const std::string& cache_key) {
  return folder + "/" + cache_key + "/lz4-b1M" + file_name;
}

void restore_build_cache(const services_ptr& with, const std::string& cache_key,
                         const runtime_folders& folders, const on_cache& then_do) {
  caches_of(with).fetch(build_cache_path(with->policy.build_cache_folder, cache_key),
                        folders.cache() + file_name, with->now() + cache_limit,
                        [then_do](const result<done>& end) {
                          then_do(end ? "" : warning_of(end.error(), "could not be restored"));
                        });
}

void store_build_cache(const services_ptr& with, const std::string& cache_key, const runtime_folders& folders,
                       const on_cache& then_do) {
  caches_of(with).replace(folders.cache() + file_name,
                          build_cache_path(with->policy.build_cache_folder, cache_key),
                          with->now() + cache_limit, [then_do](const result<uint64_t>& size) {
                            then_do(size ? "" : warning_of(size.error(), "could not be stored"));
                          });
}

std::string cache_warning_line(const std::string& warning) {
  return "[build cache] Warning: " + to_utf8(warning) + "\n";
}

} // namespace opr
