#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/integration/storage/s3/s3_fixture.hpp"

#include <sys/mount.h>

using namespace opr;
using namespace opr::storage;
using namespace std::string_literals;

namespace {

/// A server that answers each connection's first request by a script.
struct script_fixture : s3_client_fixture {
  static std::string dsn_of(const test::scripted_server& one) {
    return "s3://K:S@localhost/b?url=http%3A%2F%2F127.0.0.1%3A" + std::to_string(one.where().port);
  }
  result<done> fetch_from(test::scripted_server& one, time_point deadline = waiting_device::soon()) {
    auto device = open(dsn_of(one));
    return fetch(*device, "key", "got", deadline);
  }
};

std::string object(const std::string& body, const std::string& more_headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_headers +
         "\r\n" + body;
}

const std::string md5_of_hello = "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n";
const std::string crc_of_hello = "x-amz-checksum-crc32: NhCmhg==\r\n";

} // namespace

TEST_CASE_METHOD(s3_fixture, "a download that breaks once is whole in the end", "[storage][s3]") {
  REQUIRE(store(*bucket, folder.write("made", bytes(4'000'000)), "key"));
  test::front_manners cutting;
  cutting.bytes_down = 1'500'000;
  test::front before(server.port(), cutting);
  std::thread repair([&] {
    while (before.connections() == 0)
      std::this_thread::sleep_for(1ms);
    before.change({});
  });
  auto got = fetch(*open(server.dsn("bucket", before.port())), "key", "got");
  repair.join();
  REQUIRE(got);
  CHECK(before.connections() == 2);
  CHECK(content(at("got")) == bytes(4'000'000));
  CHECK(soon_gone(".part"));
}

TEST_CASE_METHOD(s3_fixture, "an upload in parts that breaks once is whole in the end", "[storage][s3]") {
  test::front_manners cutting;
  cutting.bytes_up = 2'000'000;
  test::front before(server.port(), cutting);
  std::thread repair([&] {
    while (before.ended() == 0)
      std::this_thread::sleep_for(1ms);
    before.change({});
  });
  auto stored =
      store(*open(server.dsn("bucket", before.port())), folder.write("made", bytes(17'000'000)), "key");
  repair.join();
  REQUIRE(stored);
  REQUIRE(fetch(*bucket, "key", "got"));
  CHECK(content(at("got")) == bytes(17'000'000));
}

TEST_CASE_METHOD(s3_fixture, "a download that always breaks fails, and leaves nothing behind",
                 "[storage][s3]") {
  REQUIRE(store(*bucket, folder.write("made", bytes(4'000'000)), "key"));
  test::front_manners cutting;
  cutting.bytes_down = 1'500'000;
  test::front before(server.port(), cutting);
  auto got = fetch(*open(server.dsn("bucket", before.port())), "key", "got");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ec::storage_failed);
  CHECK(before.connections() == 5);
  CHECK(soon_gone("got"));
}

TEST_CASE_METHOD(s3_fixture, "an upload in parts that always breaks fails", "[storage][s3]") {
  test::front_manners cutting;
  cutting.bytes_up = 2'000'000; // enough for all but a part
  test::front before(server.port(), cutting);
  auto stored =
      store(*open(server.dsn("bucket", before.port())), folder.write("made", bytes(17'000'000)), "key");
  REQUIRE_FALSE(stored);
  CHECK(stored.error().code == ec::storage_failed);
  CHECK(fetch(*bucket, "key", "got").error().code == ec::source_not_found);
}

TEST_CASE_METHOD(script_fixture, "an upload in parts that fails is given up at the server", "[storage][s3]") {
  auto bad_end = GENERATE(true, false); // at the end, or with a part
  std::promise<std::string> given_up;
  test::scripted_server refusing([&](test::peer& client) {
    for (;;) {
      auto got = client.request();
      if (got.find("POST /b/key?uploads= ") == 0)
        client.send(test::ok(
            "<InitiateMultipartUploadResult><UploadId>the-id</UploadId></InitiateMultipartUploadResult>"));
      else if (got.find("DELETE ") == 0) {
        client.send("HTTP/1.1 204 No Content\r\n\r\n"); // or it would be repeated
        return given_up.set_value(got.substr(0, got.find(" HTTP")));
      } else if (got.find("PUT ") == 0 && bad_end)
        client.send("HTTP/1.1 200 OK\r\nETag: \"x-1\"\r\nContent-Length: 0\r\n\r\n");
      else if (got.find("POST ") == 0)
        client.send(test::ok("<Error><Code>InvalidPart</Code></Error>"));
      else
        client.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
  });
  auto device = open(dsn_of(refusing));
  auto stored = store(*device, folder.write("made", bytes(17'000'000)), "key");
  REQUIRE_FALSE(stored);
  CHECK_THAT(stored.error().detail, Catch::Contains(bad_end ? "InvalidPart" : "403"));
  auto last = given_up.get_future();
  REQUIRE(last.wait_for(20s) == std::future_status::ready);
  CHECK(last.get() == "DELETE /b/key?uploadId=the-id");
}

TEST_CASE_METHOD(script_fixture, "a bucket of its own host name isn't named in the path", "[storage][s3]") {
  std::promise<std::string> asked;
  test::scripted_server server([&](test::peer& client) {
    asked.set_value(client.request());
    client.send(test::ok("hello"));
  });
  auto where = std::get<s3_place>(*parse_dsn("s3://K:S@storage.example/b?insecure=true"));
  where.server = server.where();
  REQUIRE(fetch(*open(where), "a b/c", "got"));
  auto request = asked.get_future().get();
  CHECK(request.find("GET /a%20b/c HTTP/1.1\r\n") == 0);
  CHECK_THAT(request, Catch::Contains("host: b.storage.example\r\n"));
}

TEST_CASE_METHOD(s3_fixture, "a slow server costs no more than the deadline, and nothing is left",
                 "[storage][s3]") {
  REQUIRE(store(*bucket, folder.write("made", bytes(4'000'000)), "key"));
  test::front_manners slow;
  slow.bytes_per_second = 200'000;
  test::front before(server.port(), slow);
  auto slow_bucket = open(server.dsn("bucket", before.port()));
  auto begun = clock::now();
  auto got = fetch(*slow_bucket, "key", "got", begun + 300ms);
  CHECK(got.error().code == ec::deadline_passed);
  auto stored = store(*slow_bucket, folder.write("made", bytes(17'000'000)), "other", begun + 1000ms);
  CHECK(stored.error().code == ec::deadline_passed);
  CHECK(clock::now() - begun < 5s);
  CHECK(soon_gone("got"));
  slow_bucket.reset();
}

TEST_CASE_METHOD(s3_fixture, "a full disk is told as such, and nothing is left on it", "[storage][s3]") {
  REQUIRE(store(*bucket, folder.write("made", bytes(6'000'000)), "key"));
  auto disk = at("disk");
  std::filesystem::create_directory(disk);
  REQUIRE(mount("opr-test", disk.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,mode=0700") == 0);
  auto got = fetch(*bucket, "key", "disk/got");
  for (auto until = clock::now() + 10s; files_in(disk) != 0 && clock::now() < until;)
    std::this_thread::sleep_for(5ms);
  CHECK(files_in(disk) == 0);
  umount2(disk.c_str(), MNT_DETACH);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ec::storage_full);
}

TEST_CASE_METHOD(s3_fixture, "a file that shrinks while it is stored is not stored", "[storage][s3]") {
  test::front_manners slow;
  slow.bytes_per_second = 3'000'000;
  test::front before(server.port(), slow);
  auto made = folder.write("made", bytes(5'500'000));
  auto slow_bucket = open(server.dsn("bucket", before.port()));
  auto stored = wait_for<uint64_t>([&](then<uint64_t> end) {
    slow_bucket->store(made, "key", waiting_device::soon(), std::move(end));
    std::this_thread::sleep_for(100ms);
    std::filesystem::resize_file(made, 1'000);
  });
  CHECK_FALSE(stored);
}

TEST_CASE_METHOD(script_fixture, "a server that asks for patience gets it", "[storage][s3]") {
  test::scripted_server busy([](test::peer& client) {
    client.request();
    client.send(
        client.index() == 0
            ? "HTTP/1.1 503 Slow Down\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            : object("hello", md5_of_hello));
  });
  auto begun = clock::now();
  REQUIRE(fetch_from(busy));
  CHECK(clock::now() - begun >= 1s);
  CHECK(content(at("got")) == "hello");
}

TEST_CASE_METHOD(script_fixture, "patience that the deadline doesn't allow is a failure at once",
                 "[storage][s3]") {
  test::scripted_server busy([](test::peer& client) {
    client.request();
    client.send("HTTP/1.1 503 Slow Down\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
    client.read_to_end();
  });
  auto begun = clock::now();
  auto got = fetch_from(busy);
  CHECK(clock::now() - begun < 10s);
  CHECK(got.error().code == ec::storage_failed);
}

TEST_CASE_METHOD(script_fixture, "an object that isn't what its sum says isn't taken", "[storage][s3]") {
  auto [sum, name] = GENERATE_REF(
      table<std::string, std::string>({{md5_of_hello, "MD5"}, {crc_of_hello, "x-amz-checksum-crc32"}}));
  test::scripted_server damaged([sum = sum](test::peer& client) {
    client.request();
    client.send(object("jello", sum));
    client.read_to_end();
  });
  auto got = fetch_from(damaged);
  REQUIRE_FALSE(got);
  CHECK_THAT(got.error().detail, Catch::Contains(name));
  CHECK(soon_gone("got"));
}

TEST_CASE_METHOD(script_fixture, "a server is asked for the sum that it has of an object", "[storage][s3]") {
  std::promise<std::string> asked;
  test::scripted_server whole([&](test::peer& client) {
    asked.set_value(client.request());
    client.send(object("hello", crc_of_hello));
  });
  REQUIRE(fetch_from(whole));
  CHECK_THAT(asked.get_future().get(), Catch::Contains("\r\nx-amz-checksum-mode: ENABLED\r\n"));
}

TEST_CASE_METHOD(script_fixture, "what could be anything is never taken for an archive", "[storage][s3]") {
  const std::string page = "<html>Please log in</html>";
  auto answer = GENERATE_COPY(
      "HTTP/1.1 200 OK\r\n\r\n" + page,                                    // how long?
      "HTTP/1.1 206 Partial Content\r\nContent-Length: 26\r\n\r\n" + page, // not asked for
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 26\r\n\r\n" +
          page,                             // not followed
      "HTTP/1.1 304 Not Modified\r\n\r\n"s, // nobody knew a version
      "HTTP/1.1 404 Not Found\r\nContent-Length: 26\r\n\r\n" + page,
      "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n" + page + "\r\n0\r\n\r\n");
  test::scripted_server portal([&](test::peer& client) {
    client.request();
    client.send(answer);
    client.close();
  });
  CHECK_FALSE(fetch_from(portal, clock::now() + 5s));
  CHECK(soon_gone("got"));
}

TEST_CASE_METHOD(script_fixture, "an endless error page ends", "[storage][s3]") {
  test::scripted_server endless([](test::peer& client) {
    client.request();
    client.send("HTTP/1.1 403 Forbidden\r\n\r\n<Error><Code>AccessDenied</Code><Message>");
    for (;;)
      client.send(std::string(100'000, 'x'));
  });
  auto got = fetch_from(endless);
  CHECK(got.error().code == ec::storage_failed);
  CHECK_THAT(got.error().detail, Catch::Contains("403 AccessDenied"));
  CHECK(got.error().detail.size() < 1000);
}
