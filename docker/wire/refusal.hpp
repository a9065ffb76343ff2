#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace opr::docker {

/// The Engine's calls, as far as the same status means different things for them.
enum class engine_call : uint8_t { create, container, image, other };

/// What an answer with a status that isn't 2xx or 3xx means.
/// @param body Its body, of which the Engine's message becomes the detail.
failure refusal(engine_call call, int status, std::string_view body);

/// What a call means that got no whole answer.
/// @param where The Engine's address, for people.
failure no_answer(const failure& why, const std::string& where);

} // namespace opr::docker
