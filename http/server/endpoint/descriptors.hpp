#pragma once

#include <cstddef>

namespace opr::http {

/// How descriptors are shared out: each connection takes two of its socket, and for a moment one of
/// Pistache's.
struct descriptor_plan {
  int duplicates_from = 0;    ///< Lowest number for duplicates; those below are left to everybody else.
  size_t max_connections = 0; ///< What there is room for, at most what was wanted.
};

/// Raises this process' soft limit of descriptors as far as `wanted` connections need and the hard limit
/// allows.
descriptor_plan make_room_for(size_t wanted);

} // namespace opr::http
