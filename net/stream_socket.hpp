#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <vector>

namespace opr::net {

/// TCP and unix sockets in one type.
using stream_socket = boost::asio::generic::stream_protocol::socket;
using endpoint = boost::asio::generic::stream_protocol::endpoint;
using endpoints = std::vector<endpoint>;

} // namespace opr::net
