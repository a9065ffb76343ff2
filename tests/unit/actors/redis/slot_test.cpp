#include "actors/proxy/redis/slot.hpp"
#include "actors/proxy/redis/slot_map.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace opr;
using namespace opr::redis;

TEST_CASE("keys belong to the slots that Redis gives them", "[redis]") {
  // What CLUSTER KEYSLOT answers.
  auto [key, slot] = GENERATE(table<std::string, int>({
      {"123456789", 12739},
      {"foo", 12182},
      {"{foo}:bar", 12182},
      {"bar{foo}{zap}", 12182},
      {"foo{{bar}}zap", 4015},
      {"foo{}{bar}", 8363},
      {"", 0},
  }));
  CAPTURE(key);
  CHECK(slot_of(key) == slot);
}

TEST_CASE("all lists of runtimes share a slot", "[redis]") {
  CHECK(slot_of("{executors-runtimes}:a") == slot_of("{executors-runtimes}:b:9900"));
}

TEST_CASE("a redirection names slot and server", "[redis]") {
  const redis_address asked{"10.0.0.1", 7000};
  CHECK(moved_to("MOVED 3999 10.0.0.2:7001", asked) == redis_address{"10.0.0.2", 7001});
  CHECK(moved_to("MOVED 3999 ::1:7001", asked) == redis_address{"::1", 7001});
  CHECK(moved_to("MOVED 3999 :7001", asked) == redis_address{"10.0.0.1", 7001});
}

TEST_CASE("an error that is no redirection is not followed", "[redis]") {
  const redis_address asked{"10.0.0.1", 7000};
  auto text = GENERATE("", "MOVED", "MOVED ", "MOVED 3999", "MOVED 3999 a", "MOVED 3999 a:", "MOVED 3999 a:0",
                       "MOVED 3999 a:99999", "MOVED 3999 a:1x", "ASK 3999 10.0.0.2:7001", "ERR MOVED 1 a:1");
  CAPTURE(text);
  CHECK_FALSE(moved_to(text, asked));
}

namespace {

/// What a server has sent, read as hiredis does.
reply_ptr reply_of(const std::string& wire) {
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader{redisReaderCreate(), redisReaderFree};
  redisReaderFeed(reader.get(), wire.data(), wire.size());
  void* reply = nullptr;
  REQUIRE(redisReaderGetReply(reader.get(), &reply) == REDIS_OK);
  REQUIRE(reply != nullptr);
  return reply_ptr(static_cast<redisReply*>(reply));
}

} // namespace

TEST_CASE("a cluster's answer tells the owner of each slot and all servers", "[redis]") {
  slot_map map;
  auto servers =
      map.learn(*reply_of("*2\r\n"
                          "*4\r\n:0\r\n:8000\r\n*3\r\n$1\r\na\r\n:1\r\n$2\r\nid\r\n*2\r\n$1\r\nc\r\n:3\r\n"
                          "*3\r\n:8001\r\n:16383\r\n*2\r\n$0\r\n\r\n:2\r\n"),
                {"asked", 9});
  CHECK(servers == std::vector<redis_address>{{"a", 1}, {"asked", 2}, {"c", 3}});
  CHECK(map.owner(0) == redis_address{"a", 1});
  CHECK(map.owner(8000) == redis_address{"a", 1});
  CHECK(map.owner(8001) == redis_address{"asked", 2});
  map.move(8000, {"d", 4});
  CHECK(map.owner(8000) == redis_address{"d", 4});
  CHECK(map.owner(7999) == redis_address{"a", 1});
  map.forget();
  CHECK_FALSE(map.owner(8000));
}

TEST_CASE("nonsense in a cluster's answer is left out", "[redis]") {
  auto wire = GENERATE("+OK\r\n", "*0\r\n", "*1\r\n$1\r\na\r\n", "*1\r\n*-1\r\n", "*1\r\n*1\r\n:1\r\n",
                       "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
                       "*1\r\n*3\r\n:-1\r\n:5\r\n*2\r\n$1\r\na\r\n:1\r\n",
                       "*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$1\r\na\r\n:0\r\n",
                       "*1\r\n*3\r\n:0\r\n:5\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n",
                       "*1\r\n*3\r\n:0\r\n:5\r\n*0\r\n", "*1\r\n*3\r\n:0\r\n:5\r\n$-1\r\n");
  CAPTURE(wire);
  slot_map map;
  CHECK(map.learn(*reply_of(wire), {"asked", 9}).empty());
  CHECK_FALSE(map.owner(0));
}
