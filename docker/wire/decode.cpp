#include "docker/wire/decode.hpp"

#include "docker/wire/json.hpp"

#include <algorithm>

namespace opr::docker {

namespace {

failure not_understood(const std::string& what) {
  return {ec::engine_failed, "the Docker Engine's answer is not understood: " + what};
}

failure lacks(const char* member) { return not_understood(std::string("no usable `") + member + "`"); }

/// Texts of an object; null and a missing one count as empty, as the Engine uses them so.
bool read_texts(const json::value& object, const char* name, std::map<std::string, std::string>& into) {
  const auto* texts = json::find(object, name);
  if (texts == nullptr || texts->IsNull())
    return true;
  if (!texts->IsObject())
    return false;
  for (const auto& member : texts->GetObject()) {
    if (!member.value.IsString())
      return false;
    into.emplace(std::string(member.name.GetString(), member.name.GetStringLength()),
                 std::string(member.value.GetString(), member.value.GetStringLength()));
  }
  return true;
}

bool read_addresses(const json::value& container, std::map<std::string, std::string>& into) {
  const auto* settings = json::find(container, "NetworkSettings");
  const auto* networks = settings == nullptr ? nullptr : json::find(*settings, "Networks");
  if (networks == nullptr || networks->IsNull())
    return true;
  if (!networks->IsObject())
    return false;
  for (const auto& member : networks->GetObject()) {
    std::string address;
    if (!json::read(member.value, "IPAddress", address))
      return false;
    into.emplace(std::string(member.name.GetString(), member.name.GetStringLength()), std::move(address));
  }
  return true;
}

/// The first of `Names`, each of which starts with a slash. A container that is being removed may have none.
bool read_name(const json::value& row, std::string& into) {
  const auto* names = json::find(row, "Names");
  if (names == nullptr || names->IsNull())
    return true;
  if (!names->IsArray() || (!names->Empty() && !(*names)[0].IsString()))
    return false;
  if (!names->Empty())
    into = (*names)[0].GetString();
  if (!into.empty() && into.front() == '/')
    into.erase(0, 1);
  return true;
}

result<container_summary> read_summary(const json::value& row) {
  container_summary summary;
  if (!json::read(row, "Id", summary.id))
    return lacks("Id");
  if (!json::read(row, "State", summary.state))
    return lacks("State");
  if (!read_name(row, summary.name))
    return lacks("Names");
  if (!read_texts(row, "Labels", summary.labels))
    return lacks("Labels");
  if (!json::read(row, "Image", summary.image))
    summary.image.clear(); // of a container that is being removed
  return summary;
}

} // namespace

result<std::string> decode_created(std::string_view body) {
  rapidjson::Document answer;
  std::string id;
  if (!json::parse(answer, body) || !json::read(answer, "Id", id) || id.empty())
    return lacks("Id");
  return id;
}

result<container_state> decode_container(std::string_view body) {
  rapidjson::Document answer;
  if (!json::parse(answer, body))
    return not_understood("no JSON");
  container_state container;
  if (!json::read(answer, "Id", container.id))
    return lacks("Id");
  if (const auto* made_from = json::find(answer, "Config"))
    json::read(*made_from, "Hostname", container.hostname);
  const auto* state = json::find(answer, "State");
  if (state == nullptr || !json::read(*state, "Status", container.status))
    return lacks("State.Status");
  if (!json::read(*state, "Running", container.running))
    return lacks("State.Running");
  if (!json::read(*state, "OOMKilled", container.oom_killed))
    return lacks("State.OOMKilled");
  if (!json::read(*state, "ExitCode", container.exit_code))
    return lacks("State.ExitCode");
  if (!json::read(*state, "Pid", container.pid))
    return lacks("State.Pid");
  if (!read_addresses(answer, container.ip_addresses))
    return lacks("NetworkSettings.Networks");
  return container;
}

result<std::vector<container_summary>> decode_container_list(std::string_view body) {
  rapidjson::Document answer;
  if (!json::parse(answer, body) || !answer.IsArray())
    return not_understood("no list");
  std::vector<container_summary> list;
  for (const auto& row : answer.GetArray()) {
    auto summary = read_summary(row);
    if (!summary)
      return summary.error();
    list.push_back(std::move(*summary));
  }
  return list;
}

result<exec_state> decode_exec(std::string_view body) {
  rapidjson::Document answer;
  exec_state state;
  if (!json::parse(answer, body) || !json::read(answer, "Running", state.running))
    return lacks("Running");
  if (!state.running && !json::read(answer, "ExitCode", state.exit_code)) // null while it runs
    return lacks("ExitCode");
  return state;
}

result<std::vector<std::string>> decode_network_ids(std::string_view body, const std::string& name) {
  rapidjson::Document answer;
  if (!json::parse(answer, body) || !answer.IsArray())
    return not_understood("no list");
  std::vector<std::string> ids;
  for (const auto& row : answer.GetArray()) {
    std::string id;
    std::string found;
    if (!json::read(row, "Id", id) || !json::read(row, "Name", found))
      return lacks("Id");
    if (found == name)
      ids.push_back(std::move(id));
  }
  return ids;
}

result<std::chrono::nanoseconds> decode_cpu_time(std::string_view body) {
  rapidjson::Document answer;
  if (!json::parse(answer, body))
    return not_understood("no JSON");
  const auto* cpu = json::find(answer, "cpu_stats");
  const auto* usage = cpu == nullptr ? nullptr : json::find(*cpu, "cpu_usage");
  int64_t nanoseconds = 0;
  if (usage == nullptr || !json::read(*usage, "total_usage", nanoseconds) || nanoseconds < 0)
    return lacks("cpu_stats.cpu_usage.total_usage");
  return std::chrono::nanoseconds(nanoseconds);
}

result<pull_message> decode_pull_message(std::string_view line) {
  rapidjson::Document answer;
  if (!json::parse(answer, line) || !answer.IsObject())
    return not_understood("a pull's progress that is no JSON object");
  pull_message message;
  const auto* detail = json::find(answer, "errorDetail");
  if (detail != nullptr)
    json::read(*detail, "message", message.error);
  if (message.error.empty())
    json::read(answer, "error", message.error);
  if (message.error.empty() && (detail != nullptr || json::find(answer, "error") != nullptr))
    message.error = "the Docker Engine doesn't say why";
  for (const char* part : {"id", "status", "progress"})
    if (std::string text; json::read(answer, part, text))
      message.text += (message.text.empty() ? "" : " ") + text;
  return message;
}

result<done> decode_removal(std::string_view body) {
  rapidjson::Document answer;
  if (!json::parse(answer, body) || !answer.IsObject())
    return not_understood("no JSON object");
  const auto* error = json::find(answer, "Error");
  std::string message;
  if (error != nullptr && json::read(*error, "Message", message) && !message.empty())
    return {ec::engine_failed, std::move(message)};
  return done{};
}

result<container_event> decode_event(std::string_view line) {
  rapidjson::Document answer;
  if (!json::parse(answer, line))
    return not_understood("an event that is no JSON");
  container_event event;
  if (!json::read(answer, "Action", event.action))
    return lacks("Action");
  if (!json::read(answer, "timeNano", event.time_nano))
    return lacks("timeNano");
  const auto* actor = json::find(answer, "Actor");
  if (actor == nullptr || !json::read(*actor, "ID", event.id))
    return lacks("Actor.ID");
  if (!read_texts(*actor, "Attributes", event.attributes))
    return lacks("Actor.Attributes");
  return event;
}

std::optional<std::string> decode_message(std::string_view body) {
  rapidjson::Document answer;
  std::string message;
  if (!json::parse(answer, body) || !json::read(answer, "message", message) || message.empty())
    return std::nullopt;
  return message;
}

} // namespace opr::docker
