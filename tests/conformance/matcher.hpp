#pragma once

#include "tests/conformance/document.hpp"

#include <optional>
#include <string>

namespace opr::conformance {

/// What is wrong with a value, in words; nothing if it is as expected.
///
/// A plain expectation is the value itself: numbers are compared as such, lists item by item, and null
/// expects that there is nothing. An object holds rules, all of which must hold; README.md lists them.
/// @param actual Null pointer: there is nothing.
/// @throws std::runtime_error for a rule that doesn't exist.
std::optional<std::string> mismatch(const json* actual, const json& expected);

/// The same for several values inside of one: `{"headers.set-cookie.0": expectation}`. A path of one dot is
/// the value itself.
std::optional<std::string> mismatch_in(const json& actual, const json& expected_by_path);

/// What stands at a path, or a null pointer.
const json* at_path(const json& value, const std::string& path);

} // namespace opr::conformance
