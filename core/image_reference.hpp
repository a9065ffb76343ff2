#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opr {

/// The name of a container image, taken apart and completed as Docker does it: `node` is
/// `docker.io/library/node:latest`.
struct image_reference {
  std::string registry; ///< Its host, with a port if it has one: `docker.io`, `localhost:5000`.
  std::string path;     ///< `library/node`
  std::string version;  ///< Tag or digest: `latest`, `sha256:…`. A digest wins over a tag.

  std::string name() const { return registry + "/" + path; }
  std::string full() const { return name() + (is_digest() ? "@" : ":") + version; }
  bool is_digest() const { return version.find(':') != std::string::npos; }
};

/// @returns Nothing if Docker wouldn't take the text for an image's name. What is returned holds letters,
/// digits and `. _ - : / @` only, no part of it empty or of dots alone: it is safe in a path.
std::optional<image_reference> parse_image_reference(std::string_view text);

/// Whether an image is one of those that a pattern means. `*` stands for any characters; a pattern is
/// completed as an image's name is, but without a tag or digest it means all of them: `openruntimes/*`,
/// `ghcr.io/us/*:v5-*`.
bool matches(const image_reference& image, std::string_view pattern);

} // namespace opr
