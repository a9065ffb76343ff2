#pragma once

#include <cstddef>
#include <string>

namespace opr {

/// `length` lower-case hexadecimal digits from the kernel's random source: fit for secrets.
std::string random_hex(std::size_t length);

} // namespace opr
