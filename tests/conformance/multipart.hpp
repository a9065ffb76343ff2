#pragma once

#include "core/header_list.hpp"
#include "tests/conformance/document.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace opr::conformance {

/// One part of a `multipart/form-data` document.
struct part {
  std::string name;
  header_list headers;
  std::string content;  ///< Without the runs of `Content-Transfer-Encoding: chunked`.
  std::size_t runs = 0; ///< How many there were, the empty one at the end not counted.
};

/// Takes a document apart.
/// @param type Its `Content-Type`, with the boundary.
/// @throws std::runtime_error that says where it breaks the rules.
std::vector<part> decode_multipart(const std::string& type, const std::string& body);

/// A document with one part for each member; texts as they are, anything else as JSON.
std::string encode_multipart(const json& members, const std::string& boundary);

} // namespace opr::conformance
