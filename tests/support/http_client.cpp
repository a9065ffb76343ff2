#include "tests/support/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <stdexcept>
#include <utility>

namespace opr::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using boost::system::system_error;

namespace {

http::request<http::string_body> message_of(const std::string& method, const std::string& url_path,
                                            const std::string& host, const header_list& headers,
                                            const std::string& body) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(method);
  message.target(url_path);
  for (const auto& [name, value] : headers)
    message.insert(name, value);
  if (message.find(http::field::host) == message.end())
    message.set(http::field::host, host);
  message.body() = body;
  bool is_framed = message.has_content_length() || message.chunked();
  if (!is_framed)
    message.prepare_payload();
  return message;
}

} // namespace

std::string answer::header(std::string_view name) const {
  const auto* value = find_header(headers, name);
  return value ? *value : "";
}

struct connection::state {
  state(std::string server, uint16_t its_port) : host(std::move(server)), port(its_port) {}

  std::string host;
  uint16_t port;
  asio::io_context context;
  beast::tcp_stream stream{context};
  beast::flat_buffer received;

  /// Runs one asynchronous operation to its end: the blocking calls of Beast know no deadline.
  template <class Start>
  void wait_for(Start start) {
    error_code outcome;
    start([&](error_code error, auto&&...) { outcome = error; });
    context.restart();
    context.run();
    if (outcome)
      throw system_error(outcome);
  }

  void connect() {
    asio::ip::tcp::resolver resolver(context);
    auto endpoints = resolver.resolve(host, std::to_string(port));
    wait_for([&](auto done) { stream.async_connect(endpoints, done); });
    stream.socket().set_option(asio::ip::tcp::no_delay(true));
    received.clear();
  }

  void disconnect() { stream.close(); }

  answer exchange(http::request<http::string_body>& message) {
    if (!stream.socket().is_open())
      connect();
    wait_for([&](auto done) { http::async_write(stream, message, done); });
    std::optional<http::response_parser<http::string_body>> parser;
    do { // A 1xx is a complete message, and not yet the answer.
      parser.emplace();
      parser->body_limit(boost::none);
      parser->skip(message.method() == http::verb::head);
      wait_for([&](auto done) { http::async_read(stream, received, *parser, done); });
    } while (parser->get().result_int() < 200);
    if (!parser->keep_alive())
      disconnect();
    return taken_from(parser->release());
  }

  static answer taken_from(http::response<http::string_body> message) {
    answer out;
    out.status = message.result_int();
    for (const auto& field : message)
      out.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    out.body = std::move(message.body());
    return out;
  }
};

connection::connection(std::string host, uint16_t port)
    : state_(std::make_unique<state>(std::move(host), port)) {}
connection::~connection() = default;
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;

answer connection::request(const std::string& method, const std::string& url_path, const header_list& headers,
                           const std::string& body, std::chrono::milliseconds timeout) {
  auto message = message_of(method, url_path, state_->host, headers, body);
  state_->stream.expires_after(timeout);
  try {
    return state_->exchange(message);
  } catch (const system_error& error) {
    state_->disconnect();
    auto why = error.code() == beast::error::timeout ? "timed out" : error.code().message();
    throw std::runtime_error(method + " " + url_path + " of port " + std::to_string(state_->port) + ": " +
                             why);
  }
}

answer request(const std::string& host, uint16_t port, const std::string& method, const std::string& url_path,
               const header_list& headers, const std::string& body, std::chrono::milliseconds timeout) {
  return connection(host, port).request(method, url_path, headers, body, timeout);
}

} // namespace opr::test
