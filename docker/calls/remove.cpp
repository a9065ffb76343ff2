#include "docker/calls/remove.hpp"

#include "docker/wire/decode.hpp"
#include "docker/wire/target.hpp"

#include <utility>

namespace opr::docker {

namespace {

/// Ends a removal, for which a container that isn't there is what was wanted.
then<done> gone_is_done(then<done> on_done) {
  return [on_done = std::move(on_done)](result<done> outcome) {
    bool gone = !outcome && outcome.error().code == ec::container_not_found;
    on_done(gone ? result<done>(done{}) : std::move(outcome));
  };
}

void await_removal(channel& way, const std::string& id, time_point deadline, then<done> on_done) {
  way.ask({"POST", *object_target("containers", id, "/wait?condition=removed"), {}, deadline},
          decoded<done>(engine_call::container, decode_removal, gone_is_done(std::move(on_done))));
}

} // namespace

void start_removal(std::shared_ptr<channel> way, const std::string& id, time_point deadline,
                   then<done> on_done) {
  auto target = object_target("containers", id, "?force=1&v=1");
  if (!target)
    return on_done(std::move(target.error()));
  auto answered = [way, id, deadline, on_done = std::move(on_done)](result<reply> answer) {
    if (answer && answer->status == 409) // "removal of container … is already in progress"
      return await_removal(*way, id, deadline, on_done);
    decoded<done>(engine_call::container, decode_nothing, gone_is_done(on_done))(std::move(answer));
  };
  way->ask({"DELETE", std::move(*target), {}, deadline}, std::move(answered));
}

} // namespace opr::docker
