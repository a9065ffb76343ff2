#include "core/error.hpp"

#include <array>
#include <cstddef>

namespace opr {

namespace {

constexpr std::array names{
    std::string_view{"none"},
    std::string_view{"general_unknown"},
    std::string_view{"general_route_not_found"},
    std::string_view{"general_method_not_allowed"},
    std::string_view{"general_unauthorized"},
    std::string_view{"general_argument_invalid"},
    std::string_view{"general_unavailable"},
    std::string_view{"limit_reached"},
    std::string_view{"build_failed"},
    std::string_view{"runtime_failed"},
    std::string_view{"runtime_timeout"},
    std::string_view{"runtime_not_found"},
    std::string_view{"runtime_conflict"},
    std::string_view{"execution_bad_request"},
    std::string_view{"execution_bad_json"},
    std::string_view{"execution_timeout"},
    std::string_view{"logs_timeout"},
    std::string_view{"command_timeout"},
    std::string_view{"command_failed"},
    std::string_view{"engine_unreachable"},
    std::string_view{"engine_failed"},
    std::string_view{"image_not_found"},
    std::string_view{"container_conflict"},
    std::string_view{"container_not_found"},
    std::string_view{"network_not_found"},
    std::string_view{"connect_failed"},
    std::string_view{"connection_broken"},
    std::string_view{"deadline_passed"},
    std::string_view{"cancelled"},
    std::string_view{"answer_invalid"},
    std::string_view{"answer_too_large"},
    std::string_view{"source_not_found"},
    std::string_view{"path_refused"},
    std::string_view{"storage_full"},
    std::string_view{"storage_failed"},
};
static_assert(names.size() == static_cast<std::size_t>(ec::storage_failed) + 1, "every ec needs its name");

} // namespace

std::string_view to_string(ec code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return index < names.size() ? names[index] : std::string_view{"unknown"};
}

} // namespace opr
