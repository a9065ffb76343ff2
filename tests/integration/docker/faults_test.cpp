#include "net/io_threads.hpp"
#include "scripted_server.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdio>
#include <future>

using namespace opr;
using namespace opr::docker;
using namespace std::chrono_literals;

namespace {

std::string json_answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

/// An engine over a server that does what a test says.
struct faulty_engine {
  explicit faulty_engine(const net::address& where) : docker(make_http_engine(*client, where)) {}

  result<container_state> inspect(time_point deadline = clock::now() + 10s) {
    std::promise<result<container_state>> told;
    docker->inspect_container("abc", deadline,
                              [&](result<container_state> state) { told.set_value(std::move(state)); });
    return told.get_future().get();
  }

  result<int> exec(time_point deadline = clock::now() + 10s) {
    std::promise<result<int>> told;
    docker->exec(
        "abc", {"true"}, deadline, [](stream, std::string_view) {},
        [&](result<int> code) { told.set_value(std::move(code)); });
    return told.get_future().get();
  }

  result<done> pull(time_point deadline = clock::now() + 10s) {
    std::promise<result<done>> told;
    docker->pull_image(
        parse_image_reference("a/b").value(), {}, deadline, [](std::string_view) {},
        [&](result<done> end) { told.set_value(std::move(end)); });
    return told.get_future().get();
  }

  net::io_threads io;
  std::unique_ptr<net::http_client> client = net::make_http_client(io);
  std::unique_ptr<engine> docker;
};

const std::string stream_head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";
const std::string chunked_head =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& bytes) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

const std::string created = json_answer("201 Created", R"({"Id":"e1"})");

} // namespace

TEST_CASE("an Engine without a socket is unreachable, and the place is named", "[docker]") {
  faulty_engine engine({"/tmp/opr-test-no-such.sock", {}, 0});
  auto state = engine.inspect();
  REQUIRE_FALSE(state);
  CHECK(state.error().code == ec::engine_unreachable);
  CHECK_THAT(state.error().detail, Catch::Contains("unix:///tmp/opr-test-no-such.sock"));
}

TEST_CASE("an Engine whose port is closed is unreachable", "[docker]") {
  faulty_engine engine({{}, "127.0.0.1", 1});
  auto state = engine.inspect();
  REQUIRE_FALSE(state);
  CHECK(state.error().code == ec::engine_unreachable);
  CHECK_THAT(state.error().detail, Catch::Contains("tcp://127.0.0.1:1"));
}

TEST_CASE("an Engine that never answers is given up at the deadline", "[docker]") {
  test::scripted_server server({""});
  faulty_engine engine(server.where());
  auto begun = clock::now();
  auto state = engine.inspect(begun + 200ms);
  REQUIRE_FALSE(state);
  CHECK(state.error().code == ec::deadline_passed);
  CHECK(clock::now() - begun < 2s);
}

TEST_CASE("an answer that is no HTTP, no JSON or cut off is an error", "[docker]") {
  auto whole = json_answer("200 OK", R"({"Id":"abc"})");
  auto [answer, code] = GENERATE_COPY(table<std::string, ec>({
      {"garbage\r\n\r\n", ec::engine_failed},
      {json_answer("200 OK", "<html>"), ec::engine_failed},
      {json_answer("200 OK", "[]"), ec::engine_failed},
      {json_answer("200 OK", R"({"Id":7})"), ec::engine_failed},
      {json_answer("500 Internal Server Error", R"({"message":"boom"})"), ec::engine_failed},
      {json_answer("404 Not Found", R"({"message":"No such container: abc"})"), ec::container_not_found},
      {whole.substr(0, whole.size() - 1), ec::engine_unreachable},
      {whole.substr(0, 20), ec::engine_unreachable},
  }));
  test::scripted_server server({answer});
  faulty_engine engine(server.where());
  auto state = engine.inspect();
  REQUIRE_FALSE(state);
  CHECK(state.error().code == code);
}

TEST_CASE("a command that breaks anywhere on its way ends with an error", "[docker]") {
  auto [answers, code] = GENERATE(table<std::vector<std::string>, ec>({
      {{json_answer("500 Oops", R"({"message":"boom"})")}, ec::engine_failed},
      {{created, json_answer("500 Oops", R"({"message":"boom"})")}, ec::engine_failed},
      {{created, stream_head + "garbage garbage"}, ec::engine_failed},
      {{created, stream_head + std::string("\1\0\0\0\0\0\0\5one", 11)}, ec::engine_failed},
      {{created, stream_head, json_answer("404 Not Found", R"({"message":"No such exec instance"})")},
       ec::container_not_found},
      {{created, stream_head, json_answer("200 OK", R"({"Running":"?"})")}, ec::engine_failed},
      {{created, stream_head, json_answer("200 OK", R"({"Running":true})"), stream_head + "no event\n"},
       ec::engine_failed},
  }));
  test::scripted_server server(answers);
  faulty_engine engine(server.where());
  auto outcome = engine.exec();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == code);
}

TEST_CASE("the deadline of a command covers all of its calls", "[docker]") {
  auto silent_after = GENERATE(0, 1, 2, 3);
  std::vector<std::string> answers{created, stream_head, json_answer("200 OK", R"({"Running":true})")};
  answers.resize(static_cast<size_t>(silent_after));
  answers.emplace_back();
  test::scripted_server server(answers);
  faulty_engine engine(server.where());
  auto outcome = engine.exec(clock::now() + 300ms);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ec::deadline_passed);
}

TEST_CASE("a pull that breaks anywhere on its way ends with an error", "[docker]") {
  auto begun = chunked_head + chunk("{\"status\":\"Pulling\"}\r\n");
  auto [answer, code] = GENERATE_COPY(table<std::string, ec>({
      {json_answer("500 Oops", R"({"message":"boom"})"), ec::engine_failed},
      {json_answer("404 Not Found", R"({"message":"manifest unknown"})"), ec::image_not_found},
      {begun, ec::engine_unreachable},
      {begun + "zz\r\n", ec::engine_failed},
      {begun + chunk("<html>\n"), ec::engine_failed},
      {begun + chunk("{\"errorDetail\":{\"message\":\"no space\"}}\r\n") + chunk(""), ec::engine_failed},
  }));
  test::scripted_server server({answer});
  faulty_engine engine(server.where());
  auto end = engine.pull();
  REQUIRE_FALSE(end);
  CHECK(end.error().code == code);
}

TEST_CASE("a pull of an Engine that says nothing is given up at the deadline", "[docker]") {
  test::scripted_server server({""});
  faulty_engine engine(server.where());
  auto end = engine.pull(clock::now() + 200ms);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ec::deadline_passed);
}
