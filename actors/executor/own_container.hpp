#pragma once

#include <string>
#include <string_view>

namespace opr {

/// The id of the Docker container that a process runs in, by what the kernel says of the process; never by a
/// name. Empty if it runs in none.
/// @param mountinfo Its `/proc/<pid>/mountinfo`: Docker mounts files of `…/containers/<id>/` into `/etc`.
/// @param cgroup Its `/proc/<pid>/cgroup`, for containers without these mounts: ends in the id where cgroups
/// have no namespace.
std::string own_container_id(std::string_view mountinfo, std::string_view cgroup);

/// The same of this process.
std::string own_container_id();

} // namespace opr
