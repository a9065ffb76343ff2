#include "tests/support/s3_server.hpp"

namespace opr::test {

s3_server::s3_server(s3_kind kind) : kind_(kind) {
  const std::string before = "listens on ";
  auto data = (folder_.path() / "data").string();
  auto what = kind == s3_kind::swift
                  ? program{"/usr/bin/python3", {OPR_SUPPORT_DIR "/swift_s3.py", data}}
                  : program{"/usr/bin/env", {"node", OPR_SUPPORT_DIR "/s3rver.js", OPR_NODE_MODULES, data}};
  program_ = std::make_unique<process>(what, folder_.path() / "complaints");
  auto line = program_->wait_for_line(before, std::chrono::seconds(30));
  port_ = static_cast<uint16_t>(std::stoi(line.substr(line.find(before) + before.size())));
}

std::string s3_server::url() const { return "http://" + keys() + "@127.0.0.1:" + std::to_string(port_); }

std::string s3_server::dsn(const std::string& bucket, uint16_t port) const {
  return "s3://" + keys() + "@localhost/" + bucket + "?region=us-east-1&url=http%3A%2F%2F127.0.0.1%3A" +
         std::to_string(port == 0 ? port_ : port);
}

std::string s3_server::keys() const {
  return kind_ == s3_kind::swift ? "test%3Atester:testing" : "S3RVER:S3RVER";
}

} // namespace opr::test
