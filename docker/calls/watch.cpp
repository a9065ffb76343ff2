#include "docker/calls/watch.hpp"

#include "docker/wire/decode.hpp"
#include "docker/wire/lines.hpp"

#include <utility>

namespace opr::docker {

namespace {

constexpr std::size_t max_line = 1UL << 20U; // an event repeats every label of its container

/// A subscription that is one call.
class watch_operation final : public operation {
public:
  explicit watch_operation(std::shared_ptr<net::call> under_way) : under_way_(std::move(under_way)) {}

  void cancel() override {
    if (under_way_)
      under_way_->cancel();
  }

private:
  std::shared_ptr<net::call> under_way_; ///< None: the subscription was refused before it was sent.
};

int64_t unix_now() {
  auto since_epoch = wall_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count();
}

} // namespace

result<std::string> events_target(filter_list filters, int64_t since) {
  filters.emplace_back("type", "container");
  auto encoded = encode_filters(filters);
  if (!encoded)
    return std::move(encoded.error());
  return std::string(api_prefix) + "/events?since=" + encode_time(since) + "&filters=" + *encoded;
}

stream_handler event_handler(std::function<void()> on_open,
                             std::function<failure(container_event&&)> on_event,
                             std::function<void(failure)> on_end) {
  auto on_piece = [lines = line_splitter(max_line),
                   on_event = std::move(on_event)](std::string_view piece) mutable {
    failure why{ec::none, {}};
    bool fed = lines.feed(piece, [&](std::string_view line) {
      auto event = decode_event(line);
      why = event ? on_event(std::move(*event)) : std::move(event.error());
      return why.code == ec::none;
    });
    if (!fed && why.code == ec::none)
      why = {ec::engine_failed, "the Docker Engine sends an event that is too long"};
    return why;
  };
  return {std::move(on_open), std::move(on_piece), std::move(on_end)};
}

std::shared_ptr<operation> start_watch(channel& way, const std::string& label, const std::string& value,
                                       int64_t since, event_reader reader) {
  // The Engine answers before it subscribes: even "from now on" has to reach back, or that gap would lose
  // events.
  auto target = events_target({{"label", label + "=" + value}}, since > 0 ? since : unix_now());
  if (!target) {
    reader.on_end(std::move(target.error()));
    return std::make_shared<watch_operation>(nullptr);
  }
  auto on_event = [deliver = std::move(reader.on_event)](container_event&& event) {
    deliver(std::move(event));
    return failure{ec::none, {}};
  };
  auto on_end = [tell = std::move(reader.on_end)](failure why) {
    if (why.code == ec::none)
      why = {ec::engine_unreachable, "the Docker Engine has ended its event stream"};
    tell(std::move(why));
  };
  auto handler = event_handler(std::move(reader.on_open), std::move(on_event), std::move(on_end));
  return std::make_shared<watch_operation>(
      way.stream(engine_call::other, {"GET", std::move(*target), {}}, std::move(handler)));
}

} // namespace opr::docker
