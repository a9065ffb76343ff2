#include "net/resolve.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

using namespace opr;
using namespace std::chrono_literals;

namespace {

result<std::vector<std::string>> addresses_of(const std::string& host) {
  net::io_threads io;
  auto found = std::make_shared<std::promise<result<std::vector<std::string>>>>();
  net::resolve(io, host,
               [found](result<std::vector<std::string>> outcome) { found->set_value(std::move(outcome)); });
  auto end = found->get_future();
  if (end.wait_for(30s) != std::future_status::ready)
    throw std::runtime_error("no answer came");
  return end.get();
}

} // namespace

TEST_CASE("a name is resolved to its addresses", "[net]") {
  auto found = addresses_of("localhost");
  REQUIRE(found);
  CHECK(std::count(found->begin(), found->end(), "127.0.0.1") >= 1);
}

TEST_CASE("a name that nobody has fails", "[net]") {
  CHECK(addresses_of("nobody.invalid").error().code == ec::connect_failed);
}
