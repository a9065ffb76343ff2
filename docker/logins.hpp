#pragma once

#include "core/result.hpp"
#include "docker/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace opr::docker {

/// The host of a registry, however it was written: `https://index.docker.io/v1/` is `docker.io`,
/// `https://ghcr.io` is `ghcr.io`.
std::string registry_host(std::string_view written);

/// The login for a registry, or one that sends nothing. @param host As an `image_reference` has it.
registry_login login_for(const std::vector<registry_login>& known, std::string_view host);

/// Reads `HOST=USER:PASSWORD`. @returns It, or `ec::general_argument_invalid`, which repeats nothing of it.
result<registry_login> read_login(std::string_view text);

/// Reads Docker's `config.json`, as `docker login` writes it where it has no store for credentials: of each
/// registry in `auths` the user and password. What has none is left out.
/// @returns `ec::general_argument_invalid` if that is no such file.
result<std::vector<registry_login>> read_docker_config(std::string_view text);

} // namespace opr::docker
