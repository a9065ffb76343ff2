#include "fake_server.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

struct exec_fixture : fake_engine {
  outcome<int> ended;
  std::string out;
  std::string err;
  std::shared_ptr<operation> under_way;

  void run() {
    under_way = docker->exec(
        "abc", {"sh", "-c", "x"}, deadline,
        [this](stream which, std::string_view bytes) {
          (which == stream::std_err ? err : out).append(bytes);
        },
        ended.take());
  }

  /// Runs, and answers up to the point where the process has started.
  std::shared_ptr<fake_call> run_to_output() {
    run();
    server.next()->answer(201, R"({"Id":"e1"})");
    auto output = server.next();
    output->head(200);
    return output;
  }

  /// Runs a process that closes its output and goes on, up to the wait for its end.
  std::shared_ptr<fake_call> run_to_wait() {
    run_to_output()->end();
    server.next()->answer(200, R"({"Running":true,"ExitCode":null})");
    auto events = server.next();
    events->head(200);
    return events;
  }
};

std::string exec_die(const std::string& exec, const std::string& code) {
  return R"({"Action":"exec_die","Actor":{"ID":"abc","Attributes":{"execID":")" + exec + R"(","exitCode":")" +
         code + "\"}},\"timeNano\":1}\n";
}

} // namespace

TEST_CASE_METHOD(exec_fixture, "a command says its output as it comes and then its exit code", "[docker]") {
  run();
  auto create = server.next();
  CHECK(create->target == "/v1.41/containers/abc/exec");
  CHECK(create->deadline == deadline);
  create->answer(201, R"({"Id":"e1"})");
  auto start = server.next();
  CHECK(start->target == "/v1.41/exec/e1/start");
  CHECK(start->body == R"({"Detach":false,"Tty":false})");
  start->head(200).piece(std::string("\1\0\0\0\0\0\0\3on", 10));
  CHECK(out == "on");
  start->piece("e").piece(std::string("\2\0\0\0\0\0\0\3two", 11));
  CHECK(err == "two");
  start->end();
  auto inspect = server.next();
  CHECK(inspect->target == "/v1.41/exec/e1/json");
  CHECK(ended.times == 0);
  inspect->answer(200, R"({"Running":false,"ExitCode":3})");
  CHECK(ended.value() == 3);
  CHECK(out == "one");
}

TEST_CASE_METHOD(exec_fixture, "a process that outlives its output is waited for", "[docker]") {
  auto events = run_to_wait();
  CHECK_THAT(events->target, Catch::StartsWith("/v1.41/events?since=0.000000001&filters="));
  CHECK(events->deadline == deadline);
  events->piece(exec_die("other", "9"));
  CHECK(ended.times == 0);
  events->piece(exec_die("e1", "7"));
  CHECK(ended.value() == 7);
  CHECK(events->over());
}

TEST_CASE_METHOD(exec_fixture, "a container removed under a waiting command ends it", "[docker]") {
  run_to_wait()->piece(R"({"Action":"destroy","Actor":{"ID":"abc","Attributes":{}},"timeNano":1})"
                       "\n");
  CHECK(ended.error().code == ec::container_not_found);
}

TEST_CASE_METHOD(exec_fixture, "an exit code that is no number is an error", "[docker]") {
  run_to_wait()->piece(exec_die("e1", "x"));
  CHECK(ended.error().code == ec::engine_failed);
}

TEST_CASE_METHOD(exec_fixture, "an Engine that goes away ends the wait", "[docker]") {
  run_to_wait()->end({ec::connection_broken, "closed"});
  CHECK(ended.error().code == ec::engine_unreachable);
}

TEST_CASE_METHOD(exec_fixture, "a command in a container that is gone fails as such", "[docker]") {
  run();
  server.next()->answer(404, R"({"message":"No such container: abc"})");
  CHECK(ended.error().code == ec::container_not_found);
  CHECK(server.idle());
}

TEST_CASE_METHOD(exec_fixture, "a start that is refused says why", "[docker]") {
  run();
  server.next()->answer(201, R"({"Id":"e1"})");
  server.next()->head(409).piece(R"({"message":"Container abc )").piece(R"(is not running"})").end();
  CHECK(ended.error().code == ec::engine_failed);
  CHECK(ended.error().detail == "Container abc is not running");
  CHECK(out.empty());
}

TEST_CASE_METHOD(exec_fixture, "output cut inside a frame is an error, not a success", "[docker]") {
  run_to_output()->piece(std::string("\1\0\0\0\0\0\0\3on", 10)).end();
  CHECK(ended.error().code == ec::engine_failed);
  CHECK(server.idle());
}

TEST_CASE_METHOD(exec_fixture, "output that is no raw stream ends the call", "[docker]") {
  auto output = run_to_output();
  output->piece("garbage garbage");
  CHECK(output->over());
  CHECK(ended.error().code == ec::engine_failed);
}

TEST_CASE_METHOD(exec_fixture, "a hostile id of an exec instance is not followed", "[docker]") {
  run();
  server.next()->answer(201, R"({"Id":"../../containers/x"})");
  CHECK(ended.times == 1);
  CHECK(server.idle());
}

TEST_CASE_METHOD(exec_fixture, "a command that outlives its deadline says so", "[docker]") {
  run_to_output()->end({ec::deadline_passed, ""});
  CHECK(ended.error().code == ec::deadline_passed);
}

TEST_CASE_METHOD(exec_fixture, "a command can be cancelled in every step", "[docker]") {
  auto steps = GENERATE(0, 1, 2, 3);
  std::shared_ptr<fake_call> last;
  if (steps == 0)
    run();
  if (steps == 1)
    last = run_to_output();
  if (steps == 2)
    run_to_output()->end();
  if (steps == 3)
    last = run_to_wait();
  under_way->cancel();
  under_way->cancel();
  CHECK(ended.error().code == ec::cancelled);
}

TEST_CASE_METHOD(exec_fixture, "a command goes on when its handle is dropped", "[docker]") {
  auto output = run_to_output();
  under_way.reset();
  output->end();
  server.next()->answer(200, R"({"Running":false,"ExitCode":0})");
  CHECK(ended.value() == 0);
}

TEST_CASE_METHOD(exec_fixture, "cancelling a command that has ended changes nothing", "[docker]") {
  run_to_output()->end();
  server.next()->answer(200, R"({"Running":false,"ExitCode":0})");
  under_way->cancel();
  CHECK(ended.value() == 0);
}
