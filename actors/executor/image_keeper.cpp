#include "actors/executor/image_keeper.hpp"

#include "actors/executor/container_plan.hpp"
#include "docker/logins.hpp"
#include "storage/files/part_file.hpp"
#include "storage/files/write.hpp"
#include "storage/untrusted_file.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace opr {

namespace {

using keeper_ptr = image_keeper_actor::stateful_pointer<image_keeper_state>;

constexpr std::chrono::seconds look_limit{30};
constexpr std::chrono::minutes pull_limit{30};
constexpr std::chrono::seconds progress_pause{5};
constexpr std::size_t longest_notes = pulled_images::most * 400; // a name has 384 characters at most

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

void begin_pull(keeper_ptr self, const image_reference& image) {
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

void pull(keeper_ptr self, image_ptr call) {
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

bool removes_images(keeper_ptr self) { return self->state.with->policy.image_threshold.count() > 0; }

bool is_configured(const services_ptr& with, const std::string& name) {
  const auto& all = with->policy.images;
  return std::any_of(all.begin(), all.end(), [&](const std::string& one) {
    auto image = parse_image_reference(one);
    return image && image->full() == name;
  });
}

std::string notes_path(const services_ptr& with) {
  return with->policy.data_dir + "/" + with->policy.executor + ".images";
}

/// Writes the images down for the next life.
void note(keeper_ptr self) {
  auto& with = self->state.with;
  auto text = self->state.pulled.text(with->now(), wall_clock::now());
  with->run_blocking([path = notes_path(with), text = std::move(text)] {
    auto file = storage::part_file::create(path);
    auto written = file ? storage::write_all(file->fd(), text, path) : result<done>(file.error());
    if (written)
      written = file->replace();
    if (!written)
      spdlog::warn("image keeper couldn't write down what it has pulled: {}", written.error().detail);
  });
}

void read_notes(keeper_ptr self) {
  auto& with = self->state.with;
  image_keeper_actor me = self;
  with->run_blocking([me, folder = with->policy.data_dir, name = with->policy.executor + ".images"] {
    auto read = storage::read_untrusted(folder, name, longest_notes, 0);
    caf::anon_send(me, atom::adopt_v, read ? std::move(read->bytes) : std::string());
  });
}

std::set<std::string> images_of(const std::vector<docker::container_summary>& containers) {
  std::set<std::string> names;
  for (const auto& one : containers)
    if (auto image = parse_image_reference(one.image))
      names.insert(image->full());
  return names;
}

/// The Engine would refuse only to remove the last name of an image that a container uses: so it is asked
/// before which ones are used.
void remove_images(keeper_ptr self, std::vector<std::string> names) {
  const auto& with = self->state.with;
  auto ended = [me = image_keeper_actor(self)](const std::string& name, failure why) {
    caf::anon_send(me, atom::gone_v, name, std::move(why));
  };
  auto until = with->now() + look_limit;
  auto listed = [with, ended, until,
                 names = std::move(names)](result<std::vector<docker::container_summary>> found) {
    const auto used = found ? images_of(*found) : std::set<std::string>{};
    for (const auto& name : names)
      if (!found)
        ended(name, found.error());
      else if (used.count(name) > 0)
        ended(name, {ec::container_conflict, "a container uses the image"});
      else
        with->engine.remove_image(*parse_image_reference(name), until, [ended, name](result<done> end) {
          ended(name, end ? failure{ec::none, {}} : std::move(end.error()));
        });
  };
  with->engine.list_containers(owner_label, with->policy.executor, until, std::move(listed));
}

void remove_unused(keeper_ptr self) {
  auto& state = self->state;
  auto& with = state.with;
  std::vector<std::string> names;
  for (auto& name : state.pulled.unused(with->policy.image_threshold, with->now()))
    if (!is_configured(with, name) && state.under_way.count(name) == 0 && state.leaving.insert(name).second)
      names.push_back(std::move(name));
  if (!names.empty())
    remove_images(self, std::move(names));
  note(self);
  self->delayed_send(self, with->policy.maintenance_interval, atom::tick_v);
}

void end_removal(keeper_ptr self, const std::string& name, const failure& why) {
  auto& state = self->state;
  state.leaving.erase(name);
  if (why.code == ec::none) {
    spdlog::info("image keeper has removed {}, which nobody used", name);
    state.pulled.forget(name);
    note(self);
  } else if (why.code == ec::container_conflict) {
    state.pulled.use(name, state.with->now());
  } else {
    spdlog::warn("image keeper couldn't remove {}: {}", name, why.detail);
  }
  if (state.under_way.count(name) > 0)
    begin_pull(self, *parse_image_reference(name));
}

void mark_used(keeper_ptr self, const std::string& text) {
  if (auto image = parse_image_reference(text))
    self->state.pulled.use(image->full(), self->state.with->now());
}

void end_pull(keeper_ptr self, const std::string& name, const failure& why) {
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
      note(self);
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
void fetch_next(keeper_ptr self) {
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

image_keeper_actor::behavior_type image_keeper(keeper_ptr self, services_ptr with) {
  self->state.with = std::move(with);
  const auto& policy = self->state.with->policy;
  if (policy.pulls == pull_policy::missing || policy.pulls == pull_policy::always)
    self->state.configured.assign(policy.images.begin(), policy.images.end());
  self->send(self, atom::begin_v);
  if (removes_images(self))
    read_notes(self);
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
      [self](atom::tick) { remove_unused(self); },
      [self](atom::gone, const std::string& image, const failure& why) { end_removal(self, image, why); },
  };
}

} // namespace opr
