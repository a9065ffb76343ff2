#include "actors/executor/image_keeper.hpp"

#include "actors/executor/image_removal.hpp"
#include "docker/logins.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace opr {

namespace {

constexpr std::chrono::seconds look_limit{30};
constexpr std::chrono::minutes pull_limit{30};
constexpr std::chrono::seconds progress_pause{5};

std::string reason(const failure& why) {
  if (why.code == ec::deadline_passed)
    return "it took longer than " + std::to_string(pull_limit.count()) + " minutes";
  return why.detail;
}

failure cannot_pull(const std::string& image, const failure& why) {
  auto code = why.code == ec::engine_unreachable ? why.code : ec::runtime_failed;
  return {code, "The image " + image + " can't be pulled: " + reason(why)};
}

/// Logs a line about a pull now and then; the Engine says several a second.
std::function<void(std::string_view)> progress_log(const services_ptr& with, const std::string& image) {
  return [with, image, next = with->now() + progress_pause](std::string_view line) mutable {
    if (with->now() < next)
      return;
    next = with->now() + progress_pause;
    spdlog::info("image keeper pulls {}: {}", image, line);
  };
}

void begin_pull(image_keeper_ptr self, const image_reference& image) {
  auto& with = self->state.with;
  image_keeper_actor me = self;
  auto name = image.full();
  spdlog::info("image keeper pulls {}", name);
  auto ended = [me, name](result<done> end) {
    caf::anon_send(me, atom::pulled_v, name, end ? failure{ec::none, {}} : std::move(end.error()));
  };
  with->engine.pull_image(image, docker::login_for(with->policy.logins, image.registry),
                          with->now() + pull_limit, progress_log(with, name), std::move(ended));
}

void pull(image_keeper_ptr self, image_ptr call) {
  auto& state = self->state;
  if (state.with->policy.pulls == pull_policy::never) {
    call->reply.give(
        {ec::runtime_failed,
         "The image " + call->image + " isn't there, and this executor is set up never to pull any."});
    return;
  }
  auto image = parse_image_reference(call->image);
  if (!image) {
    call->reply.give(cannot_pull(call->image, {ec::image_not_found, "that is no name of an image"}));
    return;
  }
  auto name = image->full();
  auto [pull, is_new] = state.under_way.try_emplace(name);
  pull->second.waiting.push_back(std::move(call));
  if (!is_new)
    return;
  pull->second.begun = state.with->now();
  if (state.leaving.count(name) == 0)
    begin_pull(self, *image);
}

void mark_used(image_keeper_ptr self, const std::string& text) {
  if (auto image = parse_image_reference(text))
    self->state.pulled.use(image->full(), self->state.with->now());
}

void end_pull(image_keeper_ptr self, const std::string& name, const failure& why) {
  auto& state = self->state;
  auto entry = state.under_way.extract(name);
  if (entry.empty())
    return;
  auto& pull = entry.mapped();
  std::chrono::duration<double> took = state.with->now() - pull.begun;
  if (why.code == ec::none) {
    spdlog::info("image keeper has pulled {} in {:.1f} s", name, took.count());
    if (removes_images(self)) {
      state.pulled.add(name, state.with->now());
      note_images(self);
    }
  } else {
    spdlog::error("image keeper couldn't pull {}: {}", name, reason(why));
  }
  for (auto& call : pull.waiting)
    if (why.code == ec::none)
      call->reply.give(done{});
    else
      call->reply.give(cannot_pull(call->image, why));
}

/// Pulls the next of the configured images as if a runtime had asked for it, and then the one after it.
void fetch_next(image_keeper_ptr self) {
  auto& state = self->state;
  if (state.configured.empty())
    return;
  auto image = std::move(state.configured.front());
  state.configured.pop_front();
  image_keeper_actor me = self;
  auto go_on = [me](const result<done>&) { caf::anon_send(me, atom::begin_v); };
  auto call = std::make_shared<image_call>(image, go_on);
  auto reference = parse_image_reference(image);
  if (!reference || state.with->policy.pulls == pull_policy::always)
    return pull(self, std::move(call));
  auto looked = [me, call, image](const result<bool>& there) {
    if (!there || !*there)
      return caf::anon_send(me, atom::pull_v, call);
    spdlog::debug("image keeper finds {} already there", image);
    call->reply.give(done{});
  };
  state.with->engine.has_image(*reference, state.with->now() + look_limit, looked);
}

} // namespace

image_keeper_actor::behavior_type image_keeper(image_keeper_ptr self, services_ptr with) {
  self->state.with = std::move(with);
  const auto& policy = self->state.with->policy;
  if (policy.pulls == pull_policy::missing || policy.pulls == pull_policy::always)
    self->state.configured.assign(policy.images.begin(), policy.images.end());
  self->send(self, atom::begin_v);
  if (removes_images(self))
    read_image_notes(self);
  return {
      [self](atom::begin) { fetch_next(self); },
      [self](atom::pull, image_ptr& call) { pull(self, std::move(call)); },
      [self](atom::pulled, const std::string& image, const failure& why) { end_pull(self, image, why); },
      [self](atom::served, const std::string& image) { mark_used(self, image); },
      [self](atom::adopt, const std::string& notes) {
        auto& state = self->state;
        state.pulled.add_text(notes, state.with->now(), wall_clock::now());
        self->delayed_send(self, state.with->policy.maintenance_interval, atom::tick_v);
      },
      [self](atom::tick) { remove_unused_images(self); },
      [self](atom::gone, const std::string& image, const failure& why) {
        end_image_removal(self, image, why);
        if (self->state.under_way.count(image) > 0)
          begin_pull(self, *parse_image_reference(image));
      },
  };
}

} // namespace opr
