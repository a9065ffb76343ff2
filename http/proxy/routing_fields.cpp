#include "http/proxy/routing_fields.hpp"

namespace opr::http {

namespace {

constexpr std::size_t longest_id = 255;

} // namespace

result<routing_fields> read_routing_fields(const header_list& fields) {
  routing_fields read;
  for (const auto& field : fields) {
    if (field.name == "x-opr-runtime-id") {
      if (field.value.size() > longest_id)
        return {ec::general_argument_invalid, "x-opr-runtime-id must be at most 255 characters long."};
      read.runtime_id = field.value;
    } else if (field.name == "x-opr-addressing-method") {
      auto method = parse_addressing(field.value);
      if (!method)
        return {ec::general_argument_invalid,
                "x-opr-addressing-method must be one of anycast-efficient, anycast-fast, broadcast."};
      read.method = *method;
    }
  }
  return read;
}

} // namespace opr::http
