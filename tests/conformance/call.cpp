#include "tests/conformance/call.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <limits>
#include <stdexcept>

namespace opr::conformance {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using steady = std::chrono::steady_clock;

class conversation {
public:
  explicit conversation(const http_call& what) : message_(message_of(what)) {
    stream_.expires_after(what.hang_up.value_or(what.timeout));
    parser_.body_limit(
        std::numeric_limits<std::uint64_t>::max()); // For Beast 1.74, none is less than any length.
    parser_.skip(what.method == "HEAD");
  }

  http_answer run(const server_address& where) {
    message_.set(http::field::host, where.host + ":" + std::to_string(where.port));
    asio::ip::tcp::resolver resolver{context_};
    auto endpoints = resolver.resolve(where.host, std::to_string(where.port));
    await([&](auto done) { stream_.async_connect(endpoints, done); });
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    sent_ = steady::now();
    // An answer may come before the whole request is out: it is read even if the rest can't be written.
    error_code unsent;
    try {
      await([&](auto done) { http::async_write(stream_, message_, done); });
    } catch (const boost::system::system_error& error) {
      unsent = error.code();
      if (unsent == beast::error::timeout)
        throw;
    }
    receive();
    return answer();
  }

private:
  static http::request<http::string_body> message_of(const http_call& what) {
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(what.method);
    message.target(what.target);
    for (const auto& [name, value] : what.headers)
      message.insert(name, value);
    message.body() = what.body;
    message.prepare_payload();
    if (what.body.empty() && what.method == "POST")
      message.set(http::field::content_length, "0");
    return message;
  }

  /// Runs one asynchronous operation to its end: the blocking calls of Beast know no deadline.
  template <class Start>
  void await(Start start) {
    error_code outcome;
    start([&](error_code error, auto&&...) { outcome = error; });
    context_.restart();
    context_.run();
    if (outcome)
      throw boost::system::system_error(outcome);
  }

  double since_sent() const { return std::chrono::duration<double>(steady::now() - sent_).count(); }

  void receive() {
    while (!parser_.is_done()) {
      await([&](auto done) { http::async_read_some(stream_, received_, parser_, done); });
      auto bytes = parser_.get().body().size();
      if (arrivals_.empty() || arrivals_.back().bytes < bytes)
        arrivals_.push_back({since_sent(), bytes});
    }
  }

  http_answer answer() {
    auto message = parser_.release();
    http_answer out;
    out.status = message.result_int();
    for (const auto& field : message)
      out.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    out.body = std::move(message.body());
    out.arrivals = std::move(arrivals_);
    out.seconds = since_sent();
    return out;
  }

  asio::io_context context_;
  beast::tcp_stream stream_{context_};
  beast::flat_buffer received_;
  http::request<http::string_body> message_;
  http::response_parser<http::string_body> parser_;
  steady::time_point sent_;
  std::vector<arrival> arrivals_;
};

} // namespace

server_address parse_url(const std::string& url) {
  const std::string scheme = "http://";
  auto rest = url.rfind(scheme, 0) == 0 ? url.substr(scheme.size()) : "";
  while (!rest.empty() && rest.back() == '/')
    rest.pop_back();
  auto colon = rest.rfind(':');
  auto port = colon == std::string::npos ? "80" : rest.substr(colon + 1);
  bool is_number =
      !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (rest.empty() || rest.find('/') != std::string::npos || !is_number)
    throw std::runtime_error("'" + url + "' is not of the form http://host:port");
  return {rest.substr(0, colon), static_cast<uint16_t>(std::stoi(port))};
}

std::optional<http_answer> perform(const server_address& where, const http_call& what) {
  try {
    return conversation{what}.run(where);
  } catch (const boost::system::system_error& error) {
    bool is_time_out = error.code() == beast::error::timeout;
    if (is_time_out && what.hang_up)
      return std::nullopt;
    throw std::runtime_error(what.method + " " + what.target + ": " +
                             (is_time_out ? "no answer in time" : error.code().message()));
  }
}

} // namespace opr::conformance
