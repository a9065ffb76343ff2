#include "tests/support/s3_server.hpp"

namespace opr::test {

namespace fs = std::filesystem;

s3_server::s3_server() {
  const std::string before = "listens on ";
  program what{"/usr/bin/env",
               {"node", OPR_S3_SERVER_JS, OPR_NODE_MODULES, (folder_.path() / "data").string()}};
  program_ = std::make_unique<process>(what, folder_.path() / "complaints");
  auto line = program_->wait_for_line(before, std::chrono::seconds(30));
  port_ = static_cast<uint16_t>(std::stoi(line.substr(line.find(before) + before.size())));
}

std::string s3_server::dsn(const std::string& bucket, uint16_t port) const {
  return std::string("s3://") + access_key + ":" + secret + "@localhost/" + bucket +
         "?region=us-east-1&url=http%3A%2F%2F127.0.0.1%3A" + std::to_string(port == 0 ? port_ : port);
}

size_t s3_server::files_with(const std::string& text) const {
  size_t found = 0;
  std::error_code gone;
  for (const auto& one : fs::recursive_directory_iterator(folder_.path() / "data", gone))
    found += one.path().string().find(text) != std::string::npos ? 1 : 0;
  return found;
}

} // namespace opr::test
