#include "storage/dsn.hpp"

#include <string_view>

namespace opr::storage {

result<place> parse_dsn(const std::string& text) {
  constexpr std::string_view mark = "://";
  auto end = text.find(mark);
  auto scheme = text.substr(0, end);
  if (text.empty() || text == "file://localhost" || text == "local://localhost")
    return place{local_place{}};
  for (std::string_view one : {"s3", "do-spaces", "backblaze", "linode", "wasabi"}) {
    if (scheme != one || end == std::string::npos)
      continue;
    auto where = parse_s3_place(one, std::string_view(text).substr(end + mark.size()));
    return where ? result<place>(place{std::move(*where)}) : result<place>(std::move(where.error()));
  }
  return {ec::general_argument_invalid,
          "the storage's DSN must be empty, file://localhost, local://localhost or "
          "begin with s3://, do-spaces://, backblaze://, linode:// or wasabi://"};
}

} // namespace opr::storage
