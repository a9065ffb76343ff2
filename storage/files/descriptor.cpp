#include "storage/files/descriptor.hpp"

#include <unistd.h>

namespace opr::storage {

descriptor::~descriptor() {
  if (fd_ >= 0)
    close(fd_);
}

} // namespace opr::storage
