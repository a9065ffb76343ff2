#pragma once

#include "config/environment.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>

namespace opr::config {

/// Whether that is a kind of storage as `storage_device` names it: local, s3, dospaces, backblaze, linode or
/// wasabi.
bool is_storage_device(std::string_view device);

/// Whether a variable, called so behind its prefix and in lower case, is one of earlier generations' names
/// for what a DSN says: `storage_<device>_access_key`, `_secret`, `_region`, `_bucket`.
bool is_older_storage_key(std::string_view key);

/// The DSN that those variables say.
/// @param device One of `is_storage_device`, but not local.
/// @returns It, or `ec::general_argument_invalid`, naming the variable that is missing.
result<std::string> older_storage_dsn(const std::string& device, const variable_names& names,
                                      const environment& env);

} // namespace opr::config
