#include "storage/dsn.hpp"

namespace opr::storage {

result<device_kind> parse_dsn(const std::string& text) {
  if (text.empty() || text == "file://localhost" || text == "local://localhost")
    return device_kind::local;
  return {ec::general_argument_invalid,
          "the storage must be file://localhost, local://localhost or empty: only local "
          "storage is supported in this version"};
}

} // namespace opr::storage
