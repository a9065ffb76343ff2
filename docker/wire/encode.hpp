#pragma once

#include "core/result.hpp"
#include "docker/engine.hpp"

#include <string>
#include <vector>

namespace opr::docker {

/// The body of a create call. The container joins `spec.network` and no other, and gets no swap beyond its
/// memory.
/// @returns JSON, or `ec::general_argument_invalid` with the field that the Engine could not take.
result<std::string> encode_container(const container_spec& spec);

/// The body of an exec create call: both streams attached, no terminal, no input.
/// @returns JSON, or `ec::general_argument_invalid`.
result<std::string> encode_exec(const std::vector<std::string>& argv);

/// The body of a network create call.
/// @param apart Whether its containers can't reach each other.
/// @returns JSON, or `ec::general_argument_invalid`.
result<std::string> encode_network(const std::string& name, bool apart);

/// The body of a network connect call.
/// @returns JSON, or `ec::general_argument_invalid`.
result<std::string> encode_connection(const std::string& container);

/// The value of the header `X-Registry-Auth`; empty without a username.
/// @returns It, or `ec::general_argument_invalid` if the login isn't UTF-8.
result<std::string> encode_login(const registry_login& login);

} // namespace opr::docker
