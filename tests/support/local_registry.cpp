#include "tests/support/local_registry.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace opr::test {

namespace {

const char* const login_file =
    "tester:$2b$05$opr.test.salt.opr.tesePvnlCODC0SA87jfcm0klQmHrczMVECa\n"; // bcrypt

void shell(const std::string& line) {
  if (std::system(line.c_str()) != 0)
    throw std::runtime_error("this failed: " + line);
}

std::string configuration(const temp_dir& dir, registry_access access) {
  auto text = "version: 0.1\n"
              "log: {level: info}\n"
              "storage: {filesystem: {rootdirectory: " +
              (dir.path() / "images").string() +
              "}}\n"
              "http: {addr: '127.0.0.1:0'}\n";
  if (access == registry_access::login)
    text += "auth: {htpasswd: {realm: test, path: " + dir.write("logins", login_file) + "}}\n";
  return text;
}

} // namespace

local_registry::local_registry(registry_access access) {
  auto file = dir_.write("registry.yml", configuration(dir_, access));
  program_ =
      std::make_unique<process>(program{"/usr/bin/docker-registry", {"serve", file}}, dir_.path() / "log");
  const std::string before = "listening on ";
  auto line = program_->wait_for_line(before, std::chrono::seconds(30));
  auto at = line.find(before) + before.size();
  host_ = line.substr(at, line.find('"', at) - at);
  // So that pushing doesn't depend on, and doesn't change, what the user of this machine is logged in to.
  dir_.write("config.json", R"({"auths":{")" + host_ + R"(":{"auth":")" + encoded_login() + R"("}}})");
}

std::string local_registry::encoded_login() { return "dGVzdGVyOnNlY3JldA=="; }

std::string local_registry::add(const std::string& image, const std::string& as) const {
  auto name = host_ + "/" + as;
  shell("docker tag " + image + " " + name);
  shell("docker --config " + dir_.path().string() + " push --quiet " + name + " >/dev/null; pushed=$?; " +
        "docker rmi --no-prune " + name + " >/dev/null; exit $pushed");
  return name;
}

std::string local_registry::add_random(const std::string& as, unsigned megabytes) const {
  auto made = "opr-test/random-" + dir_.path().filename().string().substr(9) + ":made";
  for (auto& c : made)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  shell("head -c " + std::to_string(megabytes) + "M /dev/urandom > " + (dir_.path() / "bytes").string());
  shell("tar -C " + dir_.path().string() + " -c bytes | docker import - " + made + " >/dev/null");
  auto name = add(made, as);
  shell("docker rmi " + made + " >/dev/null");
  return name;
}

} // namespace opr::test
