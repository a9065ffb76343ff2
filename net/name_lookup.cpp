#include "net/name_lookup.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/un.h>
#include <utility>

namespace opr::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

/// The socket addresses that need no resolver; empty for a name.
result<endpoints> known_endpoints(const address& where) {
  if (where.unix_path.size() >= sizeof(sockaddr_un::sun_path))
    return {ec::connect_failed, where.unix_path + ": too long for a unix socket"};
  if (!where.unix_path.empty())
    return endpoints{asio::local::stream_protocol::endpoint(where.unix_path)};
  boost::system::error_code is_name;
  auto ip = asio::ip::make_address(where.host, is_name);
  if (is_name)
    return endpoints{};
  return endpoints{tcp::endpoint(ip, where.port)};
}

} // namespace

name_lookup::name_lookup(asio::io_context& context, const address& where)
    : context_(context), host_(where.host), port_(where.port), known_(known_endpoints(where)) {}

void name_lookup::find(on_found found) {
  if (!known_ || !known_->empty())
    return found(known_);
  waiting_.push_back(std::move(found));
  if (waiting_.size() == 1)
    ask_resolver();
}

void name_lookup::ask_resolver() {
  // The resolver belongs to its question, because this object may outlive the I/O thread.
  auto resolver = std::make_shared<tcp::resolver>(context_);
  auto on_answer = [self = shared_from_this(), resolver](boost::system::error_code why,
                                                         const tcp::resolver::results_type& found) {
    if (why)
      return self->answer({ec::connect_failed, self->host_ + ": " + why.message()});
    endpoints where;
    for (const auto& entry : found)
      where.emplace_back(entry.endpoint());
    self->answer(where);
  };
  resolver->async_resolve(host_, std::to_string(port_), tcp::resolver::numeric_service, std::move(on_answer));
}

void name_lookup::answer(const result<endpoints>& where) {
  for (auto& found : std::exchange(waiting_, {}))
    found(where);
}

} // namespace opr::net
