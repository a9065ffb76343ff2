#include "docker/calls/logs.hpp"

#include "docker/wire/frames.hpp"
#include "docker/wire/target.hpp"

#include <algorithm>
#include <utility>

namespace opr::docker {

namespace {

constexpr std::size_t max_kept = 1UL << 20U;

/// The end of what a container wrote.
struct log_tail {
  frame_parser frames;
  std::string text;

  failure take(std::string_view piece) {
    bool understood = frames.feed(piece, [this](stream, std::string_view payload) { text.append(payload); });
    if (!understood)
      return {ec::engine_failed, "a container's log comes in a form that is not the Docker Engine's"};
    if (text.size() > 2 * max_kept) // seldom, so that each byte is moved about once
      trim();
    return {ec::none, {}};
  }

  void trim() { text.erase(0, text.size() - std::min(text.size(), max_kept)); }
};

} // namespace

void fetch_logs(channel& way, const std::string& id, int lines, time_point deadline,
                then<std::string> on_done) {
  auto query = "/logs?stdout=1&stderr=1&tail=" + std::to_string(std::max(lines, 0));
  auto target = object_target("containers", id, query);
  if (!target)
    return on_done(std::move(target.error()));
  auto tail = std::make_shared<log_tail>();
  stream_handler handler;
  handler.on_piece = [tail](std::string_view piece) { return tail->take(piece); };
  handler.on_end = [tail, on_done = std::move(on_done)](failure why) {
    if (why.code != ec::none)
      return on_done(std::move(why));
    tail->trim();
    on_done(std::move(tail->text));
  };
  way.stream(engine_call::container, {"GET", std::move(*target), {}, deadline}, std::move(handler));
}

} // namespace opr::docker
