#include "config/older_storage.hpp"

#include "core/percent.hpp"

#include <algorithm>
#include <array>

namespace opr::config {

namespace {

/// An old name of a kind of storage, and the scheme of its DSN.
struct kind {
  std::string_view device;
  std::string_view scheme;
};

constexpr std::array<kind, 5> kinds{{{"s3", "s3"},
                                     {"dospaces", "do-spaces"},
                                     {"backblaze", "backblaze"},
                                     {"linode", "linode"},
                                     {"wasabi", "wasabi"}}};

constexpr std::array<std::string_view, 4> parts{"access_key", "secret", "region", "bucket"};

std::string key_of(std::string_view device, std::string_view part) {
  return "storage_" + std::string(device) + "_" + std::string(part);
}

} // namespace

bool is_storage_device(std::string_view device) {
  return device == "local" ||
         std::any_of(kinds.begin(), kinds.end(), [&](const kind& one) { return one.device == device; });
}

bool is_older_storage_key(std::string_view key) {
  for (const auto& one : kinds)
    for (auto part : parts)
      if (key == key_of(one.device, part))
        return true;
  return false;
}

result<std::string> older_storage_dsn(const std::string& device, const variable_names& names,
                                      const environment& env) {
  std::array<std::string, parts.size()> values;
  for (size_t i = 0; i < parts.size(); ++i) {
    auto key = key_of(device, parts[i]);
    const auto* value = find_variable(key, names, env);
    if (value == nullptr || value->empty())
      return {ec::general_argument_invalid,
              "storage_device is " + device + ", but " + variable_called(key, names) + " is not set"};
    values[i] = percent_encoded(*value);
  }
  auto known =
      std::find_if(kinds.begin(), kinds.end(), [&](const kind& one) { return one.device == device; });
  return std::string(known->scheme) + "://" + values[0] + ":" + values[1] + "@localhost/" + values[3] +
         "?region=" + values[2];
}

} // namespace opr::config
