#include "actors/executor/lifecycle.hpp"

namespace opr {

namespace {

constexpr std::array<std::string_view, phase_count> phase_names{
    "pending", "preparing",     "queued", "creating", "pulling",  "launching", "building", "collecting",
    "up",      "awaiting_port", "ready",  "stopping", "removing", "parting",   "gone"};

constexpr std::array<std::string_view, event_count> event_names{
    "begin",  "adopted",  "prepared",          "permitted", "created",   "image_missing",
    "pulled", "launched", "launched_to_build", "built",     "collected", "finished",
    "wanted", "opened",   "refused",           "failed",    "died",      "frozen",
    "stop",   "keep",     "removed",           "parted"};

} // namespace

std::string_view to_string(phase at) noexcept { return phase_names[static_cast<std::size_t>(at)]; }

std::string_view to_string(event on) noexcept { return event_names[static_cast<std::size_t>(on)]; }

} // namespace opr
