#pragma once

#include "actors/executor/pulled_images.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace opr {

/// A pull that goes on, and who waits for it.
struct image_pull {
  time_point begun{};
  std::vector<image_ptr> waiting;
};

struct image_keeper_state {
  static constexpr const char* name = "images";

  services_ptr with;
  std::deque<std::string> configured;          ///< Not looked at yet.
  std::map<std::string, image_pull> under_way; ///< By the image's whole name.
  pulled_images pulled;
  std::set<std::string> leaving; ///< Whole names of images that the Engine is about to remove.
};

using image_keeper_ptr = image_keeper_actor::stateful_pointer<image_keeper_state>;

/// Sees to it that images are there: the configured ones from the start, one after the other, and every other
/// as soon as a runtime misses it. However many want an image, it is pulled once, and a pull goes on when
/// those who wanted it have left. One that fails is logged and told to those who wait; it ends nothing else.
///
/// Where the policy says so, images that were pulled for runtimes and that none has used for long are
/// removed. Whoever wants one meanwhile waits for the end of that and then gets it pulled again.
image_keeper_actor::behavior_type image_keeper(image_keeper_ptr self, services_ptr with);

} // namespace opr
