#pragma once

#include "actors/proxy/routing.hpp"
#include "core/header_list.hpp"
#include "core/result.hpp"

#include <string>

namespace opr::http {

/// What a request's own fields say of where it goes.
struct routing_fields {
  std::string runtime_id;                    ///< `x-opr-runtime-id`; empty: none.
  addressing method = addressing::efficient; ///< `x-opr-addressing-method`
};

/// Fails with `ec::general_argument_invalid` for what can't be followed: guessing would send the request to
/// one executor where all were meant.
result<routing_fields> read_routing_fields(const header_list& fields);

} // namespace opr::http
