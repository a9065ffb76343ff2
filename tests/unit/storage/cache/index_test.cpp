#include "storage/cache/index.hpp"

#include <catch2/catch.hpp>

using namespace opr::storage;

namespace {

cached_object object(const std::string& key, uint64_t size, const std::string& version = "\"v\"") {
  return {hash_of_key(key), version, size};
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a cached file's name says what is in it", "[storage][cache]") {
  auto what = object("/storage/a b.gz", 1234567890123, "\"6a72fe9fba96dada9ef54fc45165b1bc-12\"");
  auto name = file_name_of(what);
  CHECK(name.find('/') == std::string::npos);
  auto read = object_of(name);
  CHECK(read.key_hash == what.key_hash);
  CHECK(read.version == what.version);
  CHECK(read.size == what.size);
}

TEST_CASE("a version that no file's name can hold isn't kept", "[storage][cache]") {
  CHECK(file_name_of(object("k", 1, std::string(100, 'v'))).empty());
  CHECK(file_name_of(object("k", 1, "")).empty());
}

TEST_CASE("a file of another kind is none of the cache", "[storage][cache]") {
  auto good = file_name_of(object("k", 7));
  CHECK(object_of(GENERATE("", "-", "a-1-22", "incoming-0123", ".x.part")).key_hash.empty());
  CHECK(object_of(good + "0").key_hash.empty());
  CHECK(object_of(good.substr(0, 41) + "+" + good.substr(41)).key_hash.empty());
}

TEST_CASE("what was unused for longest goes first", "[storage][cache]") {
  cache_index index(30);
  CHECK(index.put(object("a", 10)).empty());
  CHECK(index.put(object("b", 10)).empty());
  CHECK(index.put(object("c", 10)).empty());
  index.touch(hash_of_key("a"));
  CHECK(index.put(object("d", 15)) == names{file_name_of(object("b", 10)), file_name_of(object("c", 10))});
  CHECK(index.bytes() == 25);
  CHECK(index.find(hash_of_key("a")) != nullptr);
  CHECK(index.find(hash_of_key("b")) == nullptr);
}

TEST_CASE("a new version takes the old one's place, and the same one its own", "[storage][cache]") {
  cache_index index(30);
  CHECK(index.put(object("a", 10, "1")).empty());
  CHECK(index.put(object("a", 12, "2")) == names{file_name_of(object("a", 10, "1"))});
  CHECK(index.put(object("a", 12, "2")).empty());
  CHECK(index.bytes() == 12);
  CHECK(index.find(hash_of_key("a"))->version == "2");
}

TEST_CASE("what is larger than the whole cache doesn't stay", "[storage][cache]") {
  cache_index index(30);
  CHECK(index.put(object("a", 31)) == names{file_name_of(object("a", 31))});
  CHECK(index.bytes() == 0);
}
