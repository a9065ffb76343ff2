#include "actors/executor/image_removal.hpp"

#include "actors/executor/container_plan.hpp"
#include "storage/files/part_file.hpp"
#include "storage/files/write.hpp"
#include "storage/untrusted_file.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace opr {

namespace {

constexpr std::chrono::seconds look_limit{30};
constexpr std::size_t longest_notes = pulled_images::most * 400; // a name has 384 characters at most

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

std::set<std::string> images_of(const std::vector<docker::container_summary>& containers) {
  std::set<std::string> names;
  for (const auto& one : containers)
    if (auto image = parse_image_reference(one.image))
      names.insert(image->full());
  return names;
}

/// The Engine would refuse only to remove the last name of an image that a container uses: so it is asked
/// before which ones are used.
void remove_images(image_keeper_ptr self, std::vector<std::string> names) {
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

} // namespace

bool removes_images(image_keeper_ptr self) { return self->state.with->policy.image_threshold.count() > 0; }

void note_images(image_keeper_ptr self) {
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

void read_image_notes(image_keeper_ptr self) {
  auto& with = self->state.with;
  image_keeper_actor me = self;
  with->run_blocking([me, folder = with->policy.data_dir, name = with->policy.executor + ".images"] {
    auto read = storage::read_untrusted(folder, name, longest_notes, 0);
    caf::anon_send(me, atom::adopt_v, read ? std::move(read->bytes) : std::string());
  });
}

void remove_unused_images(image_keeper_ptr self) {
  auto& state = self->state;
  auto& with = state.with;
  std::vector<std::string> names;
  for (auto& name : state.pulled.unused(with->policy.image_threshold, with->now()))
    if (!is_configured(with, name) && state.under_way.count(name) == 0 && state.leaving.insert(name).second)
      names.push_back(std::move(name));
  if (!names.empty())
    remove_images(self, std::move(names));
  note_images(self);
  self->delayed_send(self, with->policy.maintenance_interval, atom::tick_v);
}

void end_image_removal(image_keeper_ptr self, const std::string& name, const failure& why) {
  auto& state = self->state;
  state.leaving.erase(name);
  if (why.code == ec::none) {
    spdlog::info("image keeper has removed {}, which nobody used", name);
    state.pulled.forget(name);
    note_images(self);
  } else if (why.code == ec::container_conflict) {
    state.pulled.use(name, state.with->now());
  } else {
    spdlog::warn("image keeper couldn't remove {}: {}", name, why.detail);
  }
}

} // namespace opr
