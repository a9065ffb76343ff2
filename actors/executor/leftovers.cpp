#include "actors/executor/leftovers.hpp"

#include "actors/executor/container_plan.hpp"
#include "actors/executor/gathering.hpp"

namespace opr {

void remove_containers_if(const services_ptr& with, std::function<bool(const std::string&)> wanted,
                          time_point deadline, then<done> on_done) {
  auto all = std::make_shared<gathering>(std::move(on_done));
  with->engine.list_containers(
      owner_label, with->policy.executor, deadline,
      [with, all, deadline,
       wanted = std::move(wanted)](result<std::vector<docker::container_summary>> found) {
        if (!found)
          return all->take(std::move(found.error()));
        for (const auto& container : *found) {
          auto id = container.labels.find(runtime_label);
          if (id != container.labels.end() && wanted(id->second))
            with->engine.remove_container(container.id, deadline,
                                          [all](result<done> end) { all->take(std::move(end)); });
        }
      });
}

void remove_containers_of(const services_ptr& with, const std::string& runtime_id, time_point deadline,
                          then<done> on_done) {
  remove_containers_if(
      with, [runtime_id](const std::string& id) { return id == runtime_id; }, deadline, std::move(on_done));
}

} // namespace opr
