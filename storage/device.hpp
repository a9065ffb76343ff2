#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace opr::storage {

/// What came of a fetch.
struct fetched {
  std::string version;       ///< Changes when the object's content does; empty: the storage can't tell.
  bool is_unchanged = false; ///< The object still has the version that was known: nothing was copied.
};

/// A place where operators keep source archives and builds. Asynchronous: callbacks come once, from any
/// thread, and must not block. What is written appears whole at its path or not at all. Errors:
/// `source_not_found`, `path_refused`, `storage_full`, `storage_failed`, `deadline_passed`, `cancelled`.
class device {
public:
  virtual ~device() = default;
  /// Copies an object of the storage to a new local file.
  virtual void fetch(const std::string& key, const std::string& local_path, time_point deadline,
                     then<done> on_done) = 0;
  /// The same unless the object has that version. @param known_version Empty: none is known.
  virtual void fetch_if_changed(const std::string& key, const std::string& known_version,
                                const std::string& local_path, time_point deadline,
                                then<fetched> on_done) = 0;
  /// Copies a local file (untrusted: made by user code; links are not followed) into the storage. Its key
  /// must be new: keys are made unique by who calls this.
  /// @returns Its size in bytes.
  virtual void store(const std::string& local_path, const std::string& key, time_point deadline,
                     then<uint64_t> on_done) = 0;
  /// The same, in place of what may have the key; who reads meanwhile gets the one or the other.
  virtual void replace(const std::string& local_path, const std::string& key, time_point deadline,
                       then<uint64_t> on_done) = 0;
};

} // namespace opr::storage
