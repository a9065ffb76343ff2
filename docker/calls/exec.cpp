#include "docker/calls/exec.hpp"

#include "docker/calls/call_slot.hpp"
#include "docker/calls/watch.hpp"
#include "docker/wire/decode.hpp"
#include "docker/wire/encode.hpp"
#include "docker/wire/frames.hpp"
#include "docker/wire/target.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace opr::docker {

namespace {

/// The steps, in their order.
enum step : unsigned { creating, running, inspecting, awaiting_end };

class exec_operation final : public operation, public std::enable_shared_from_this<exec_operation> {
public:
  exec_operation(std::shared_ptr<channel> way, std::string container, time_point deadline,
                 frame_parser::sink on_output, then<int> on_done)
      : way_(std::move(way)), container_(std::move(container)), deadline_(deadline),
        on_output_(std::move(on_output)), on_done_(std::move(on_done)) {}

  void cancel() override { under_way_.cancel(); }

  /// Says the outcome, and lets go of what the callbacks hold: that may be this operation's own handle.
  void finish(result<int> outcome) {
    on_output_ = nullptr;
    std::exchange(on_done_, nullptr)(std::move(outcome));
  }

  void create(std::string target, std::string body) {
    auto created = [self = shared_from_this()](result<std::string> id) {
      if (!id)
        return self->finish(std::move(id.error()));
      self->exec_ = std::move(*id);
      self->run();
    };
    under_way_.put(creating,
                   way_->ask({"POST", std::move(target), std::move(body), deadline_},
                             decoded<std::string>(engine_call::container, decode_created, created)));
  }

private:
  void run() {
    auto target = object_target("exec", exec_, "/start");
    if (!target)
      return finish(std::move(target.error()));
    stream_handler output;
    output.on_piece = [self = shared_from_this()](std::string_view piece) -> failure {
      if (self->frames_.feed(piece, self->on_output_))
        return {ec::none, {}};
      return {ec::engine_failed, "the output of a command comes in a form that is not the Docker Engine's"};
    };
    output.on_end = [self = shared_from_this()](failure why) { self->output_ended(std::move(why)); };
    request start{"POST", std::move(*target), R"({"Detach":false,"Tty":false})", deadline_};
    under_way_.put(running, way_->stream(engine_call::container, std::move(start), std::move(output)));
  }

  void output_ended(failure why) {
    if (why.code != ec::none)
      return finish(std::move(why));
    if (!frames_.at_boundary())
      return finish({ec::engine_failed, "the output of a command was cut off by the Docker Engine"});
    auto inspected = [self = shared_from_this()](result<exec_state> state) {
      if (!state)
        return self->finish(std::move(state.error()));
      if (state->running)
        return self->await_end();
      self->finish(state->exit_code);
    };
    under_way_.put(inspecting,
                   way_->ask({"GET", *object_target("exec", exec_, "/json"), {}, deadline_},
                             decoded<exec_state>(engine_call::container, decode_exec, inspected)));
  }

  /// The process has closed its output and goes on: the Engine says by an event when it ends. The Engine
  /// repeats what it knows of the past, so that an end before the subscription isn't missed.
  void await_end() {
    auto target = events_target({{"container", container_}, {"event", "destroy"}, {"event", "exec_die"}}, 1);
    if (!target)
      return finish(std::move(target.error()));
    auto on_event = [self = shared_from_this()](container_event&& event) -> failure {
      self->outcome_ = self->outcome_of(event);
      return {self->outcome_ ? ec::cancelled : ec::none, {}};
    };
    auto on_end = [self = shared_from_this()](failure why) {
      self->finish(self->outcome_ ? std::move(*self->outcome_) : result<int>(std::move(why)));
    };
    request subscribe{"GET", std::move(*target), {}, deadline_};
    under_way_.put(awaiting_end, way_->stream(engine_call::container, std::move(subscribe),
                                              event_handler({}, std::move(on_event), std::move(on_end))));
  }

  /// What an event says about the end of this process, if anything.
  std::optional<result<int>> outcome_of(const container_event& event) const {
    if (event.action == "destroy")
      return result<int>(ec::container_not_found, "the container was removed while a command ran in it");
    auto whose = event.attributes.find("execID");
    auto code = event.attributes.find("exitCode");
    if (whose == event.attributes.end() || whose->second != exec_ || code == event.attributes.end())
      return std::nullopt;
    int value = 0;
    const auto& text = code->second;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
      return result<int>(ec::engine_failed, "the Docker Engine says no exit code");
    return result<int>(value);
  }

  std::shared_ptr<channel> way_;
  std::string container_;
  time_point deadline_;
  frame_parser::sink on_output_;
  then<int> on_done_;
  call_slot under_way_;
  frame_parser frames_;
  std::string exec_; ///< Id of the exec instance.
  std::optional<result<int>> outcome_;
};

} // namespace

std::shared_ptr<operation> start_exec(std::shared_ptr<channel> way, const std::string& id,
                                      const std::vector<std::string>& argv, time_point deadline,
                                      std::function<void(stream, std::string_view)> on_output,
                                      then<int> on_done) {
  auto target = object_target("containers", id, "/exec");
  auto body = encode_exec(argv);
  auto started = std::make_shared<exec_operation>(std::move(way), id, deadline, std::move(on_output),
                                                  std::move(on_done));
  if (!target)
    started->finish(std::move(target.error()));
  else if (!body)
    started->finish(std::move(body.error()));
  else
    started->create(std::move(*target), std::move(*body));
  return started;
}

} // namespace opr::docker
