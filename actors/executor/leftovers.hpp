#pragma once

#include "actors/executor/services.hpp"

#include <functional>
#include <string>

namespace opr {

/// Removes the containers that carry this executor's label and a runtime id that `wanted` picks. Nobody must
/// be making such containers meanwhile.
void remove_containers_if(const services_ptr& with, std::function<bool(const std::string& runtime_id)> wanted,
                          time_point deadline, then<done> on_done);

/// Removes the containers of one runtime id.
void remove_containers_of(const services_ptr& with, const std::string& runtime_id, time_point deadline,
                          then<done> on_done);

} // namespace opr
