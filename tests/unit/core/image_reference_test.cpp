#include "core/image_reference.hpp"

#include <catch2/catch.hpp>

using namespace opr;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

} // namespace

TEST_CASE("an image's name is completed as Docker does it", "[image_reference]") {
  auto [text, full] = GENERATE(table<std::string, std::string>({
      {"node", "docker.io/library/node:latest"},
      {"node:18", "docker.io/library/node:18"},
      {"openruntimes/node:v5-18.0", "docker.io/openruntimes/node:v5-18.0"},
      {"docker.io/node", "docker.io/library/node:latest"},
      {"index.docker.io/library/node", "docker.io/library/node:latest"},
      {"localhost/node", "localhost/node:latest"},
      {"127.0.0.1:5000/a/b:c", "127.0.0.1:5000/a/b:c"},
      {"ghcr.io/a/b", "ghcr.io/a/b:latest"},
      {"node@" + digest, "docker.io/library/node@" + digest},
      {"node:18@" + digest, "docker.io/library/node@" + digest},
      {"a/b__c-d.e:_x", "docker.io/a/b__c-d.e:_x"},
  }));
  auto parsed = parse_image_reference(text);
  REQUIRE(parsed);
  CHECK(parsed->full() == full);
}

TEST_CASE("a text that could leave its place in a path is no image's name", "[image_reference]") {
  auto text =
      GENERATE_COPY(as<std::string>(), "", ":", "@", "node:", "node@", "/node", "node/", "a//b", "..",
                    "a/../b", "../node", "./node", "a/.", "a b", "a?b=c", "a#b", "a%2fb", "a\nb", "\xc3\xa4",
                    "Node", "node:-x", "node:a/../b", "node:" + std::string(129, 'a'), std::string(256, 'a'),
                    "host:port/a", "host:/a", "host:123456/a", "-.x/a", "node@sha256:abc",
                    "node@sha256:" + std::string(64, 'g'), "node@" + digest + "@" + digest, "a:b:c");
  CHECK_FALSE(parse_image_reference(text));
}

TEST_CASE("a pattern means the images whose completed names it is like", "[image_reference]") {
  auto [pattern, image, is_meant] = GENERATE(table<const char*, const char*, bool>({
      {"*", "ghcr.io/us/node:v5", true},
      {"openruntimes/*", "openruntimes/node:v5-18.0", true},
      {"openruntimes/*", "docker.io/openruntimes/node", true},
      {"openruntimes/*", "openruntimes-evil/node", false},
      {"openruntimes/*", "ghcr.io/openruntimes/node", false},
      {"openruntimes/node:v5-*", "openruntimes/node:v5-18.0", true},
      {"openruntimes/node:v5-*", "openruntimes/node:v4-18.0", false},
      {"node", "node:18", true},
      {"node", "library/node", true},
      {"node", "nodes", false},
      {"ghcr.io/us/*", "ghcr.io/us/a/b:c", true},
      {"ghcr.io/us/*", "ghcr.io.evil.example/us/a", false},
      {"localhost:5000/*a*b", "localhost:5000/xaxaxb", true},
      {"localhost:5000/*a*b", "localhost:5000/xaxax", false},
  }));
  CAPTURE(pattern, image);
  CHECK(matches(*parse_image_reference(image), pattern) == is_meant);
}
