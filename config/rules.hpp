#pragma once

#include <string>
#include <string_view>

/// What the texts of the settings have to look like. No rule looks at anything but the text.
namespace opr::config {

bool is_ip_address(std::string_view text); ///< An IPv4 or IPv6 literal, no name.

/// Fit for Docker's container names and for folders: `[A-Za-z0-9][A-Za-z0-9_.-]{0,62}`.
bool is_hostname(std::string_view text);
bool is_hostname_or_empty(std::string_view text);

/// `[A-Za-z0-9][A-Za-z0-9_.-]*`, Docker's rule for names. For networks the Engine is laxer, down to slashes
/// and spaces, which its command line and the paths of its API then trip over.
bool is_network_name(std::string_view text);

/// `unix:///absolute/path` of at most 107 bytes (the kernel's limit), or `tcp://host:port`, IPv6 in brackets.
bool is_docker_host(std::string_view text);

/// Nothing that an `Authorization` header could not hold as it is: no spaces at either end.
bool is_secret_or_empty(std::string_view text);

bool is_image(
    std::string_view text); ///< What Docker takes for an image's name; see `core/image_reference.hpp`.

bool is_image_pattern(std::string_view text); ///< A text as `is_image` takes, with `*` anywhere.

bool is_registry_login(std::string_view text); ///< `HOST=USER:PASSWORD`, no part of it empty.

bool is_path_or_empty(std::string_view text); ///< Empty or absolute.

bool is_image_pull(std::string_view text);

bool is_runtime_version(std::string_view text); ///< v2, v3, v4 or v5.

/// Empty, `file://…`, `local://…`, or a bucket's `s3://KEY:SECRET@…` and the like, as far as can be told
/// here: `storage/dsn.hpp` reads it. One with a mask in it is none.
bool is_storage_dsn_or_empty(std::string_view text);
/// A DSN without its secret.
std::string masked_dsn(std::string_view text);

bool is_storage_device_or_empty(std::string_view text); ///< Empty, or see `older_storage.hpp`.

/// An absolute path without `.` and `..` parts, and without a colon: Docker reads one as the end of the path.
bool is_data_dir(std::string_view text);

bool is_log_level(std::string_view text);

bool is_logging_provider_or_empty(std::string_view text); ///< Empty, sentry, appsignal, raygun or logowl.

bool is_algorithm(std::string_view text); ///< round-robin, random, first, last or hash.

/// `host` or `host:port`, the host a name or an IP address, IPv6 in brackets.
bool is_server(std::string_view text);

/// Empty, or `http://` or `https://` with a host and nothing that would break out of a request's first line.
bool is_http_url_or_empty(std::string_view text);

/// Empty, `redis://…` or `redis-cluster://…`; what follows is the store's to judge.
bool is_state_dsn_or_empty(std::string_view text);

bool is_version_or_empty(std::string_view text); ///< At most 64 bytes.

} // namespace opr::config
