#pragma once

#include "core/clock.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace opr::storage {

/// An object that lies in the cache.
struct cached_object {
  std::string key_hash;
  std::string version;
  uint64_t size = 0;
  time_point good_until =
      time_point::min(); ///< Until then the origin needn't be asked. Not in the file's name.
};

/// The name of its file, which says all of it: `<key_hash>-<size>-<version in hex>`; empty if the version is
/// too long for a file's name.
std::string file_name_of(const cached_object& what);
/// The reverse; an empty `key_hash` if that is no such name.
cached_object object_of(const std::string& file_name);

/// What of a key a file's name begins with.
std::string hash_of_key(const std::string& key);

/// Which objects a cache holds, one for each key, and which of them has gone unused for longest. No file is
/// touched here.
class cache_index {
public:
  /// @param max_bytes Of all objects together.
  explicit cache_index(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  /// The object of a key, or nullptr; valid until the next change.
  const cached_object* find(const std::string& key_hash) const;
  /// It was used just now.
  void touch(const std::string& key_hash);
  /// The origin has said that it is as it was; `until` then it needn't be asked again.
  void vouch(const std::string& key_hash, time_point until);
  /// Adds the one used last.
  /// @returns The files to remove: of an earlier version, and of those unused for longest, down to the limit.
  std::vector<std::string> put(cached_object what);
  /// Forgets one. @returns The file to remove, if any.
  std::vector<std::string> drop(const std::string& key_hash);
  /// Forgets all. @returns The files to remove.
  std::vector<std::string> clear();

  uint64_t bytes() const noexcept { return bytes_; }

private:
  std::list<cached_object> by_use_; ///< The one used last comes first.
  std::unordered_map<std::string, std::list<cached_object>::iterator> by_key_;
  uint64_t bytes_ = 0;
  const uint64_t max_bytes_;
};

} // namespace opr::storage
