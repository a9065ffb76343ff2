#pragma once

#include "actors/executor/services.hpp"

namespace opr {

/// Creates the configured networks that are missing; answers once all are there, or with the first failure.
void ensure_networks(const services_ptr& with, time_point deadline, then<done> on_done);

} // namespace opr
