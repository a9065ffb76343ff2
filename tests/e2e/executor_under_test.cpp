#include "executor_under_test.hpp"

#include "core/random_id.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace opr::test {

namespace fs = std::filesystem;

namespace {

std::string quoted(const std::string& text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return buffer.GetString();
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("failed: " + command);
}

} // namespace

std::string output_of(const std::string& command) {
  std::string text;
  std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
  std::array<char, 4096> piece{};
  while (auto got = std::fread(piece.data(), 1, piece.size(), pipe.get()))
    text.append(piece.data(), got);
  return text;
}

std::string api_answer::string(const char* key) const {
  if (!json.IsObject() || !json.HasMember(key) || !json[key].IsString())
    return "(no string " + std::string(key) + " in " + text.substr(0, 500) + ")";
  return {json[key].GetString(), json[key].GetStringLength()};
}

double api_answer::number(const char* key) const {
  return json.IsObject() && json.HasMember(key) && json[key].IsNumber() ? json[key].GetDouble() : -1;
}

object& object::with_json(const char* key, const std::string& json) {
  members_[key] = json;
  return *this;
}

std::string object::text() const {
  std::string json;
  for (const auto& [key, value] : members_)
    json += (json.empty() ? "" : ",") + quoted(key) + ":" + value;
  return "{" + json + "}";
}

object& object::with(const char* key, const std::string& value) { return with_json(key, quoted(value)); }
object& object::with(const char* key, double value) { return with_json(key, std::to_string(value)); }
object& object::with(const char* key, bool value) { return with_json(key, value ? "true" : "false"); }

executor_under_test::executor_under_test(const std::string& settings) : name_("opr-e2e-" + random_hex(8)) {
  fs::create_directories(storage());
  fs::create_directories(data_dir());
  config_file_ = dir_.write(
      "executor.yaml",
      "address: 127.0.0.1\nport: 0\nsecret: " + secret() + "\nhostname: " + name_ + "\nnetwork: [" + name_ +
          "]\nruntime_versions: [v2, v3, v4, v5]\ndata_dir: " + data_dir() + "\n" + settings);
  start();
}

void executor_under_test::start() {
  opr::test::program what{OPR_EXECUTOR_PROGRAM, {"--config", config_file_}};
  if (port_ != 0) // as before
    what.environment.emplace_back("OPR_EXECUTOR_PORT", std::to_string(port_));
  process_ = std::make_unique<process>(what, log_file());
  auto line = process_->wait_for_line("listens on", std::chrono::seconds(60));
  port_ = static_cast<uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

void executor_under_test::restart(int signal) {
  process_->send(signal);
  process_->wait_for_exit(std::chrono::seconds(60));
  start();
}

executor_under_test::~executor_under_test() {
  process_.reset();
  auto left = output_of("docker ps -aq --filter label=openruntimes-executor=" + name_);
  for (auto& c : left)
    c = c == '\n' ? ' ' : c;
  if (!left.empty())
    output_of("docker rm -f " + left + " 2>&1");
  // The Engine may be about to make it, as the executor asked for it when it started; and an executor that
  // was killed may have left two of the name.
  bool was_there = false;
  soon(
      [&] {
        const auto ids = output_of("docker network ls --quiet --filter name=^" + name_ + "$ | tr '\\n' ' '");
        if (ids.empty())
          return was_there;
        was_there = true;
        output_of("docker network rm " + ids + " 2>&1");
        return false;
      },
      std::chrono::seconds(3));
}

api_answer executor_under_test::call(const std::string& method, const std::string& path,
                                     const std::string& body, std::chrono::milliseconds timeout) const {
  header_list headers{{"authorization", "Bearer " + secret()}, {"accept", "application/json"}};
  if (!body.empty())
    headers.push_back({"content-type", "application/json"});
  auto got = request("127.0.0.1", port_, method, path, headers, body, timeout);
  api_answer answer{got.status, std::move(got.headers), std::move(got.body), {}};
  answer.json.Parse(answer.text.data(), answer.text.size());
  return answer;
}

object executor_under_test::cold(const std::string& function) const {
  return object{}.with("image", node_v5).with("source", archive(function)).with("entrypoint", "index.js");
}

std::string executor_under_test::archive(const std::string& function) const {
  auto path = storage() + "/" + function + ".tar.gz";
  if (!fs::exists(path))
    run("tar -C " OPR_SOURCE_DIR "/demo/functions/" + function + " -zcf " + path + " .");
  return path;
}

std::vector<std::string> executor_under_test::containers() const {
  std::istringstream lines{
      output_of("docker ps -aq --no-trunc --filter label=openruntimes-executor=" + name_)};
  std::vector<std::string> ids;
  for (std::string id; lines >> id;)
    ids.push_back(id);
  return ids;
}

bool executor_under_test::nothing_left() const { return containers().empty() && fs::is_empty(data_dir()); }

bool executor_under_test::soon(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  auto until = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

} // namespace opr::test
