#include "actors/proxy/redis/own_state.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::redis;

namespace {

/// All commands of all units, a line each.
std::string written(const std::vector<unit>& units) {
  std::string lines;
  for (const auto& one : units)
    for (const auto& command : one.commands) {
      for (const auto& word : command)
        lines += word + " ";
      lines.back() = '\n';
    }
  return lines;
}

const std::string pass = R"({"status":"pass","usage":0.0})";
const std::string online = R"({"status":"online","usage":5.0})";

} // namespace

TEST_CASE("a published view replaces all that stood there, at once", "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {{"one", {}}, {"two", {}}}});
  CHECK(own.has_news());
  CHECK(written(own.take_news()) ==
        "HSET {executors} a " + online +
            "\nMULTI\nDEL {executors-runtimes}:a\nHSET {executors-runtimes}:a one " + pass + " two " + pass +
            "\nEXEC\n");
  CHECK_FALSE(own.has_news());
}

TEST_CASE("an empty list overwrites the one that stood there", "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {}});
  CHECK(written(own.take_news()) == "HSET {executors} a " + online + "\nDEL {executors-runtimes}:a\n");
}

TEST_CASE("a view that is published again is written again, so that what others did to it is made good",
          "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {}});
  own.take_news();
  own.publish("a", {true, 5, {}});
  CHECK(own.has_news());
}

TEST_CASE("of several words on an executor only the last is written", "[redis]") {
  own_state own;
  own.publish("a", {false, 0, {{"old", {}}}});
  own.mark("a", "mid", {});
  own.publish("a", {true, 5, {}});
  CHECK(written(own.take_news()) == "HSET {executors} a " + online + "\nDEL {executors-runtimes}:a\n");
}

TEST_CASE("a mark is written alone, and only when it says something new", "[redis]") {
  own_state own;
  own.mark("a", "one", {});
  CHECK(written(own.take_news()) == "HSET {executors-runtimes}:a one " + pass + "\n");
  own.mark("a", "one", {});
  CHECK_FALSE(own.has_news());
  own.mark("a", "one", {false, 0});
  CHECK(own.has_news());
}

TEST_CASE("a mark after a publication goes with it", "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {}});
  own.mark("a", "one", {});
  auto units = own.take_news();
  REQUIRE(units.size() == 2);
  CHECK(units[1].commands.size() == 4);
  CHECK(units[1].key == "{executors-runtimes}:a");
}

TEST_CASE("an executor that was withdrawn is deleted with its runtimes", "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {{"one", {}}}});
  own.take_news();
  own.withdraw("a");
  own.mark("a", "late", {});
  const std::string deleted = "HDEL {executors} a\nDEL {executors-runtimes}:a\n";
  CHECK(written(own.take_news()) == deleted);
  own.tell_all_again();
  CHECK(written(own.take_news()) == deleted);
}

TEST_CASE("an executor that comes back after it was withdrawn is written again", "[redis]") {
  own_state own;
  own.withdraw("a");
  own.publish("a", {true, 5, {}});
  own.tell_all_again();
  CHECK(written(own.take_news()) == "HSET {executors} a " + online + "\nDEL {executors-runtimes}:a\n");
}

TEST_CASE("what Redis may have lost is told again, all of it", "[redis]") {
  own_state own;
  own.publish("a", {true, 5, {}});
  own.mark("a", "one", {});
  own.mark("b", "two", {});
  auto first = written(own.take_news());
  own.tell_all_again();
  CHECK(written(own.take_news()) == first);
}

TEST_CASE("marks of ever new runtimes don't pile up", "[redis]") {
  own_state own;
  for (std::size_t i = 0; i <= own_state::most_runtimes; ++i)
    own.mark("a", "r" + std::to_string(i), {});
  auto units = own.take_news();
  REQUIRE(units.size() == 1);
  CHECK(written(units) ==
        "MULTI\nDEL {executors-runtimes}:a\nHSET {executors-runtimes}:a r10000 " + pass + "\nEXEC\n");
}

TEST_CASE("a list of very many runtimes is cut", "[redis]") {
  own_state own;
  executor_view view{true, 5, {}};
  for (std::size_t i = 0; i < own_state::most_runtimes + 5; ++i)
    view.runtimes["r" + std::to_string(i)];
  own.publish("a", view);
  CHECK(own.take_news()[1].commands[2].size() == 2 + 2 * own_state::most_runtimes);
}

TEST_CASE("names that could be none of ours are not told", "[redis]") {
  own_state own;
  own.publish("a b", {true, 5, {}});
  own.mark("a", "one\r\nFLUSHALL", {});
  own.withdraw("");
  CHECK_FALSE(own.has_news());
  own.publish("a", {true, 5, {{"", {}}, {"\xff", {}}}});
  CHECK(own.take_news()[1].commands == std::vector<words>{{"DEL", "{executors-runtimes}:a"}});
}
