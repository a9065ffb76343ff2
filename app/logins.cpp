#include "app/logins.hpp"

#include "docker/logins.hpp"

#include <fstream>
#include <iterator>

namespace opr::app {

namespace {

constexpr std::size_t largest_file = 1U << 20U;

result<std::vector<docker::registry_login>> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.empty() || text.size() > largest_file)
    return {ec::general_argument_invalid, "registry_config: " + path + " can't be read"};
  auto read = docker::read_docker_config(text);
  if (!read)
    read.error().detail = "registry_config: " + path + " " + read.error().detail;
  return read;
}

} // namespace

result<std::vector<docker::registry_login>> registry_logins(const config::executor_settings& settings) {
  std::vector<docker::registry_login> out{
      {"https://index.docker.io/v1/", settings.docker_hub_username, settings.docker_hub_password}};
  for (const auto& text : settings.registries) {
    auto login = docker::read_login(text);
    if (!login)
      return std::move(login.error());
    out.push_back(std::move(*login));
  }
  if (settings.registry_config.empty())
    return out;
  auto of_file = read_file(settings.registry_config);
  if (!of_file)
    return std::move(of_file.error());
  out.insert(out.end(), std::make_move_iterator(of_file->begin()), std::make_move_iterator(of_file->end()));
  return out;
}

} // namespace opr::app
