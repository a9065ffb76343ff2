#include "http/common/authorization.hpp"

#include <catch2/catch.hpp>

using namespace opr::http;

TEST_CASE("only the exact key authorises") {
  CHECK(is_authorised("Bearer secret", "secret"));
  CHECK(is_authorised("bearer secret", "secret"));
  for (const auto* header : {"", "Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "Bearer Secret",
                             "secret", "Basic secret", "Bearer  secret", "Bearer secretsecret"})
    CHECK_FALSE(is_authorised(header, "secret"));
}

TEST_CASE("an empty configured secret authorises nobody") {
  for (const auto* header : {"", "Bearer", "Bearer ", "Bearer x"})
    CHECK_FALSE(is_authorised(header, ""));
}
