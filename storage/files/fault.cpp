#include "storage/files/fault.hpp"

#include <cerrno>
#include <system_error>

namespace opr::storage {

namespace {

ec meaning(int error) noexcept {
  switch (error) {
  case ENOSPC:
  case EDQUOT:
    return ec::storage_full;
  case ELOOP:
  case ENAMETOOLONG:
  case EEXIST:
  case EISDIR:
    return ec::path_refused;
  default:
    return ec::storage_failed;
  }
}

} // namespace

failure write_fault(int error, const std::string& path) {
  return {meaning(error), path + ": " + std::generic_category().message(error)};
}

failure read_fault(int error, const std::string& path) {
  auto why = write_fault(error, path);
  if (error == ENOENT || error == ENOTDIR)
    why.code = ec::source_not_found;
  return why;
}

} // namespace opr::storage
