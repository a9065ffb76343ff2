#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opr::reporting {

enum class provider_kind : uint8_t { sentry, raygun, appsignal, logowl };

std::string_view to_string(provider_kind kind) noexcept;

/// Where faults are reported.
struct provider {
  provider_kind kind = provider_kind::sentry;
  std::string key;     ///< Sentry's public key, LogOwl's ticket, the API key of the others. Secret.
  std::string project; ///< Sentry's project; empty for the others.
  std::string host;
  uint16_t port = 443;
  bool tls = true;
  std::string path = "/"; ///< What the provider's own paths follow; begins and ends with a slash.
};

/// Reads the settings `logging_provider` and `logging_config`. The latter is a DSN, whose scheme names the
/// provider whatever the former says:
///
///     sentry://PROJECT:KEY@host  sentry://KEY@host/PROJECT  https://KEY@host/PROJECT (as Sentry shows it)
///     logowl://TICKET@host  raygun://KEY  raygun://KEY@host  appsignal://KEY  appsignal://KEY@host
///
/// or the older form: `KEY;PROJECT` for Sentry, the ticket or key alone for the others. A host may have a
/// port, and
/// `?insecure=true` at the end means HTTP without TLS.
/// @returns Nothing where `config` is empty, or `ec::general_argument_invalid` with a rule that repeats
/// nothing of the settings.
result<std::optional<provider>> parse_provider(std::string_view name, std::string_view config);

} // namespace opr::reporting
