#pragma once

#include "docker/engine.hpp"
#include "net/http_client.hpp"

#include <memory>
#include <string>

namespace opr::docker {

/// The Engine's address from a `DOCKER_HOST` value: `unix:///path` or `tcp://host:port`.
/// Fails with `ec::general_argument_invalid`, which names the accepted forms.
result<net::address> parse_docker_host(const std::string& text);

/// The Docker Engine over its HTTP API (1.41 and later), on the given client's I/O thread.
std::unique_ptr<engine> make_http_engine(net::http_client& client, net::address where);

} // namespace opr::docker
