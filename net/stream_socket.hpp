#pragma once

#include <boost/asio/generic/stream_protocol.hpp>

#include <vector>

namespace opr::net {

/// TCP and unix sockets in one type.
using stream_socket = boost::asio::generic::stream_protocol::socket;
using endpoint = boost::asio::generic::stream_protocol::endpoint;
using endpoints = std::vector<endpoint>;

/// Opens a non-blocking socket, with TCP one that doesn't hold small pieces back.
boost::system::error_code open_for(const endpoint& where, stream_socket& socket);

} // namespace opr::net
