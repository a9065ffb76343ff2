#include "net/resolve.hpp"

#include "net/loop/loop.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace opr::net {

using tcp = boost::asio::ip::tcp;

namespace {

void ask(boost::asio::io_context& context, const std::string& host, then<std::vector<std::string>> found) {
  auto resolver = std::make_shared<tcp::resolver>(context);
  auto on_answer = [resolver, host, found = std::move(found)](boost::system::error_code why,
                                                              const tcp::resolver::results_type& entries) {
    if (why)
      return found({ec::connect_failed, host + ": " + why.message()});
    std::vector<std::string> addresses;
    for (const auto& entry : entries)
      addresses.push_back(entry.endpoint().address().to_string());
    found(std::move(addresses));
  };
  resolver->async_resolve(host, "", std::move(on_answer));
}

} // namespace

void resolve(io_threads& io, const std::string& host, then<std::vector<std::string>> found) {
  auto& context = io.shared().context;
  boost::asio::post(context, [&context, host, found = std::move(found)]() mutable {
    ask(context, host, std::move(found));
  });
}

} // namespace opr::net
