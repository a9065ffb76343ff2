#pragma once

#include "actors/executor/image_keeper.hpp"

#include <string>

namespace opr {

/// Whether the policy says that images are removed.
bool removes_images(image_keeper_ptr self);

/// Reads what an earlier life has noted, and tells it to the actor as `adopt`.
void read_image_notes(image_keeper_ptr self);
/// Notes the pulled images and their last uses for the next life.
void note_images(image_keeper_ptr self);

/// Begins to remove the images that none has used for long; the actor hears of each one's end as `gone`, and
/// after a while is asked to look again, by `tick`.
void remove_unused_images(image_keeper_ptr self);
/// Notes how that has ended: the image is gone, in use after all, or to be tried again.
void end_image_removal(image_keeper_ptr self, const std::string& name, const failure& why);

} // namespace opr
