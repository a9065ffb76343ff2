#include "tests/support/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <initializer_list>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

using namespace opr::test;
using boost::asio::ip::tcp;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

/// Answers each request of one connection after the other with the next of its texts, then closes it. An
/// empty text answers nothing and waits until the client leaves.
class scripted_server {
public:
  using answers_of_one_connection = std::vector<std::string>;

  scripted_server(std::initializer_list<answers_of_one_connection> connections)
      : acceptor_(context_, {tcp::v4(), 0}), thread_([this, connections = std::vector(connections)] {
          for (const auto& answers : connections)
            serve(answers);
        }) {}
  ~scripted_server() {
    shutdown(acceptor_.native_handle(), SHUT_RDWR); // Ends an accept whose client never came.
    thread_.join();
  }

  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::vector<std::string> heads; ///< Of all requests; to be read when the client is done.

private:
  void serve(const answers_of_one_connection& answers) {
    boost::system::error_code left;
    auto socket = acceptor_.accept(left);
    std::string received;
    for (const auto& text : answers) {
      auto length = boost::asio::read_until(socket, boost::asio::dynamic_buffer(received), "\r\n\r\n", left);
      heads.push_back(received.substr(0, length));
      received.erase(0, length);
      if (text.empty())
        boost::asio::read_until(socket, boost::asio::dynamic_buffer(received), "never", left);
      boost::asio::write(socket, boost::asio::buffer(text), left);
    }
  }

  boost::asio::io_context context_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

const std::string empty_answer = "HTTP/1.1 204 No Content\r\n\r\n";

} // namespace

TEST_CASE("one connection carries several requests", "[http_client]") {
  scripted_server server{
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\none",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1\r\no\r\n0\r\n\r\n"}};
  connection client("127.0.0.1", server.port());
  auto first = client.request("GET", "/a?b=c", {{"Authorization", "Bearer x"}});
  CHECK(first.status == 200);
  CHECK(first.body == "one");
  CHECK(first.header("X-a") == "1");
  CHECK(first.headers.size() == 3);
  CHECK(client.request("GET", "/").body == "two");
  CHECK(server.heads[0] == "GET /a?b=c HTTP/1.1\r\nAuthorization: Bearer x\r\nHost: 127.0.0.1\r\n\r\n");
}

TEST_CASE("a method of any name and the length of the body are sent", "[http_client]") {
  scripted_server server{{empty_answer, empty_answer}};
  connection client("localhost", server.port());
  client.request("BREW", "/", {{"host", "pot"}});
  client.request("POST", "/");
  CHECK(server.heads[0] == "BREW / HTTP/1.1\r\nhost: pot\r\n\r\n");
  CHECK_THAT(server.heads[1], Contains("Content-Length: 0\r\n"));
}

TEST_CASE("interim answers are passed over, and HEAD has no body", "[http_client]") {
  scripted_server server{
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", empty_answer}};
  connection client("127.0.0.1", server.port());
  CHECK(client.request("HEAD", "/").header("content-length") == "5");
  CHECK(client.request("GET", "/").status == 204);
}

TEST_CASE("a new connection follows an announced end, and a body up to the end is whole", "[http_client]") {
  scripted_server server{{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na"},
                         {"HTTP/1.1 200 OK\r\n\r\nuntil the end"},
                         {empty_answer}};
  connection client("127.0.0.1", server.port());
  CHECK(client.request("GET", "/").body == "a");
  CHECK(client.request("GET", "/").body == "until the end");
  CHECK(client.request("GET", "/").status == 204);
}

TEST_CASE("a connection lost without an answer is an error, never a second request", "[http_client]") {
  scripted_server server{{empty_answer}, {empty_answer}};
  connection client("127.0.0.1", server.port());
  client.request("GET", "/");
  CHECK_THROWS_WITH(client.request("POST", "/x"), Contains("POST /x"));
  CHECK(client.request("GET", "/").status == 204);
  CHECK(server.heads.size() == 2);
}

TEST_CASE("half a body is an error", "[http_client]") {
  scripted_server server{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}};
  CHECK_THROWS_WITH(request("127.0.0.1", server.port(), "GET", "/"), Contains("partial message"));
}

TEST_CASE("a server that says nothing is given up at the deadline", "[http_client]") {
  scripted_server server{{""}};
  auto started = std::chrono::steady_clock::now();
  CHECK_THROWS_WITH(request("127.0.0.1", server.port(), "GET", "/", {}, {}, 50ms),
                    Contains("GET /") && Contains("timed out"));
  CHECK(std::chrono::steady_clock::now() - started < 5s);
}

TEST_CASE("a refused connection is an error that names the port", "[http_client]") {
  boost::asio::io_context context;
  tcp::acceptor bound(context);
  bound.open(tcp::v4());
  bound.bind({boost::asio::ip::address_v4::loopback(), 0}); // Nobody else gets the port, and nobody listens.
  auto port = bound.local_endpoint().port();
  CHECK_THROWS_WITH(request("127.0.0.1", port, "GET", "/"),
                    Contains(std::to_string(port)) && Contains("refused"));
}
