#include "config/yaml_file.hpp"
#include "tests/unit/config/loading.hpp"

#include <sys/stat.h>

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += piece;
  return out;
}

} // namespace

TEST_CASE_METHOD(loading, "a key that stands twice is refused", "[yaml]") {
  CHECK(refused("port: 80\naddress: ::1\nport: 81\n") ==
        "executor.yaml:3:1: key 'port' stands here for the second time");
  CHECK(refused("{port: 80, port: 80}") == "executor.yaml:1:12: key 'port' stands here for the second time");
}

TEST_CASE_METHOD(loading, "a document that is no list of settings is refused with the place", "[yaml]") {
  auto [yaml, message] = GENERATE(table<const char*, const char*>({
      {"hello", "executor.yaml:1:1: the file must hold lines of the form 'key: value'"},
      {"- port", "executor.yaml:1:1: a list can only be the value of a key"},
      {"port: {a: b}", "executor.yaml:1:7: no setting has values inside values"},
      {"network: [[a]]", "executor.yaml:1:11: a list can only be the value of a key"},
      {"network:\n  - a: b\n", "executor.yaml:2:5: no setting has values inside values"},
      {"[port]: 80", "executor.yaml:1:1: a list can only be the value of a key"},
      {"address: &a ::1\nhostname: *a\n", "executor.yaml:2:11: aliases have no use here"},
      {"port: !!int 80", "executor.yaml:1:7: tags such as !!str have no use here"},
      {"port: 80\n---\nport: 81\n", "executor.yaml:2:1: a second document: only one is read"},
      {"port: \"80", "executor.yaml:1:10: illegal EOF in scalar"},
      {"port: 80\n\taddress: ::1", "executor.yaml:2:1: illegal tab when looking for indentation"},
  }));
  CHECK(refused(yaml) == message);
}

TEST_CASE_METHOD(loading, "deep nesting neither overflows the stack nor takes long", "[yaml]") {
  auto piece = GENERATE("[", "{", "- ", "? ", "{a: ", "[\n", "!a ", "&a ", "*a ", "- - ? ");
  CHECK_THAT(refused(repeated(piece, 100000)), StartsWith("executor.yaml:"));
  CHECK_THAT(refused("network: " + repeated(piece, 100000)), StartsWith("executor.yaml:"));
}

TEST_CASE_METHOD(loading, "a bomb of aliases is refused before it grows", "[yaml]") {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 60; ++i)
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + ", *a" +
            std::to_string(i - 1) + "]\n";
  CHECK(refused(bomb) == "executor.yaml:2:10: aliases have no use here");
}

TEST_CASE_METHOD(loading, "what is no text is refused", "[yaml]") {
  CHECK(refused(std::string("port: 80\n\0", 10)) ==
        "executor.yaml:2:1: a control character: this is no YAML text");
  CHECK_THAT(refused("\x7f"
                     "ELF\x02\x01\x01"),
             Contains("1:1: a control character"));
}

TEST_CASE_METHOD(loading, "a setting behind an end-of-transmission character is not silently lost",
                 "[yaml]") {
  CHECK_THAT(refused("port: 80\n\x04\naddress: ::1\n"), Contains("2:1: a control character"));
}

TEST_CASE_METHOD(loading, "a file of more than 1 MiB is refused, one of just that size is read", "[yaml]") {
  CHECK(accepted("#" + std::string((1U << 20U) - 1, 'x')).settings.port == 9900);
  CHECK(refused("#" + std::string(1U << 20U, 'x')) == "executor.yaml: is larger than 1 MiB");
}

TEST_CASE_METHOD(loading, "no bytes at all crash the reader", "[yaml]") {
  uint32_t seed = GENERATE(range(1U, 200U)) * 2654435761U;
  std::string alphabet = "a:-?[]{},&*!|>'\"%#@ \n\t~\\\x85\xc3\xa9\xff"
                         "0\xef\xbb\xbf";
  std::string bytes;
  for (int i = 0; i < 400; ++i) {
    seed = seed * 1664525U + 1013904223U;
    bytes += alphabet[(seed >> 16U) % alphabet.size()];
  }
  CHECK_NOTHROW(load(bytes));
}

TEST_CASE("a file that cannot be read is named together with the reason", "[yaml]") {
  test::temp_dir folder;
  auto missing = (folder.path() / "none.yaml").string();
  CHECK(load_executor(missing, {}).error().detail == missing + ": cannot be read: No such file or directory");
  CHECK(load_executor(folder.path().string(), {}).error().detail ==
        folder.path().string() + ": cannot be read: Is a directory");
  auto looped = folder.path() / "loop.yaml";
  std::filesystem::create_symlink(looped, looped);
  CHECK_THAT(load_executor(looped.string(), {}).error().detail, Contains("cannot be read: Too many levels"));
}
