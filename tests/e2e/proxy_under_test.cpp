#include "proxy_under_test.hpp"

#include <fstream>
#include <sstream>

namespace opr::test {

proxy_under_test::proxy_under_test(const std::vector<uint16_t>& executors, const std::string& settings,
                                   const std::vector<std::string>& elsewhere) {
  std::string list;
  for (auto port : executors)
    list += (list.empty() ? "" : ", ") + ("127.0.0.1:" + std::to_string(port));
  for (const auto& name : elsewhere)
    list += (list.empty() ? "" : ", ") + name;
  const bool has_interval = settings.find("healthcheck_interval") != std::string::npos;
  auto config = dir_.write("proxy.yaml", "address: 127.0.0.1\nport: 0\nsecret: " + secret() +
                                             "\nexecutor_secret: " + executor_under_test::secret() +
                                             "\nexecutors: [" + list + "]\n" +
                                             (has_interval ? "" : "healthcheck_interval: 500\n") + settings);
  process_ = std::make_unique<process>(opr::test::program{OPR_PROXY_PROGRAM, {"--config", config}},
                                       dir_.path() / "log");
  auto line = process_->wait_for_line("listens on", std::chrono::seconds(30));
  port_ = static_cast<uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

answer proxy_under_test::call(const std::string& method, const std::string& path, const header_list& headers,
                              const std::string& body, std::chrono::milliseconds timeout) const {
  auto all = headers;
  all.push_back({"authorization", "Bearer " + secret()});
  return request("127.0.0.1", port_, method, path, all, body, timeout);
}

api_answer proxy_under_test::execute(const std::string& id, const object& parameters,
                                     header_list headers) const {
  headers.push_back({"accept", "application/json"});
  headers.push_back({"content-type", "application/json"});
  headers.push_back({"x-opr-runtime-id", id});
  auto got = call("POST", "/v1/runtimes/" + id + "/executions", headers, parameters.text());
  api_answer answer{got.status, std::move(got.headers), std::move(got.body), {}};
  answer.json.Parse(answer.text.data(), answer.text.size());
  return answer;
}

std::string proxy_under_test::status_of(const std::string& executor) const {
  auto got = call("GET", "/v1/proxy/health", {{"accept", "application/json"}});
  rapidjson::Document json;
  json.Parse(got.body.data(), got.body.size());
  if (!json.IsObject() || !json["executors"].HasMember(executor.c_str()))
    return "(not in " + got.body + ")";
  return json["executors"][executor.c_str()]["status"].GetString();
}

std::size_t proxy_under_test::resident_memory() const {
  std::ifstream status("/proc/" + std::to_string(process_->pid()) + "/status");
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      std::size_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

header_list for_runtime(const std::string& id, const std::string& method) {
  return {{"x-opr-runtime-id", id}, {"x-opr-addressing-method", method}};
}

} // namespace opr::test
