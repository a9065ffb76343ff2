#pragma once

#include <string>

namespace opr::test {

/// Runs a shell line. @throws std::runtime_error with the line if it doesn't exit with 0.
void run_shell(const std::string& line);

/// An image with one static program in it and a name of this process's own, made by the first call and
/// removed when the process ends: tests that run at the same time don't take it from each other.
/// @throws std::runtime_error if there is no Docker Engine, or no `/bin/busybox` (Debian: busybox-static).
const std::string& busybox_image();

} // namespace opr::test
