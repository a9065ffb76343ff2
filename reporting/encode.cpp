#include "reporting/encode.hpp"

#include "core/utf8.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

namespace opr::reporting {

namespace {

using json = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t longest_message = 4096;
constexpr std::size_t longest_field = 256;
constexpr std::size_t most_tags = 20;
constexpr std::size_t shortest_secret = 4; // shorter ones would blacken half of the text

void put(json& out, std::string_view value) {
  out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}
void put(json& out, const char* key, std::string_view value) {
  out.Key(key);
  put(out, value);
}

/// Fit to be told: short, UTF-8, without secrets.
std::string told(std::string_view text, std::size_t limit, const std::vector<std::string>& secrets) {
  auto plain = std::string(text);
  for (const auto& secret : secrets) {
    if (secret.size() < shortest_secret)
      continue;
    for (auto at = plain.find(secret); at != std::string::npos; at = plain.find(secret, at))
      plain.replace(at, secret.size(), "***");
  }
  return std::string(cut_utf8(to_utf8(plain), limit));
}

/// The fault as it may be told.
fault told(const fault& what, const provider& to, const origin& from) {
  auto secrets = from.secrets;
  secrets.push_back(to.key);
  // One that holds another goes first, or its rest would stay.
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  auto field = [&](std::string_view text) { return told(text, longest_field, secrets); };
  fault made{field(what.type),   told(what.message, longest_message, secrets),        what.status,
             field(what.method), field(what.target.substr(0, what.target.find('?'))), {}};
  for (const auto& [name, value] : what.tags)
    if (made.tags.size() < most_tags)
      made.tags.emplace_back(field(name), field(value));
  return made;
}

/// What happened, in one line: the request, or the kind of fault where there was none.
std::string action(const fault& what) {
  return what.method.empty() ? what.type : what.method + " " + what.target;
}

std::string client_name(const origin& from) { return "openruntimes-" + from.program; }
std::string client(const origin& from) { return client_name(from) + "/" + OPR_VERSION; }
std::string_view environment(const origin& from) { return from.development ? "staging" : "production"; }

/// All that is told of a fault besides what providers have fields for.
std::vector<std::pair<std::string, std::string>> all_tags(const fault& what, const report& count) {
  auto tags = what.tags;
  if (what.status != 0)
    tags.emplace_back("code", std::to_string(what.status));
  if (!what.method.empty()) {
    tags.emplace_back("method", what.method);
    tags.emplace_back("url", what.target);
  }
  tags.emplace_back("times", std::to_string(count.times));
  return tags;
}

void put_tags(json& out, const std::vector<std::pair<std::string, std::string>>& tags) {
  out.StartObject();
  for (const auto& [name, value] : tags)
    put(out, name.c_str(), value);
  out.EndObject();
}

/// @note https://develop.sentry.dev/sdk/data-model/event-payloads/, at `/api/<project>/store/`.
void put_sentry(json& out, const origin& from, const report& about, const fault& what) {
  out.StartObject();
  out.Key("timestamp");
  out.Double(unix_seconds(about.at));
  put(out, "platform", "other");
  put(out, "level", "error");
  put(out, "logger", from.program);
  put(out, "transaction", action(what));
  put(out, "server_name", from.server);
  put(out, "release", from.version);
  put(out, "environment", environment(from));
  out.Key("exception");
  out.StartObject();
  out.Key("values");
  out.StartArray();
  out.StartObject();
  put(out, "type", what.type);
  put(out, "value", what.message);
  out.EndObject();
  out.EndArray();
  out.EndObject();
  out.Key("tags");
  put_tags(out, all_tags(what, about));
  out.EndObject();
}

/// @note https://raygun.com/documentation/product-guides/crash-reporting/api/
void put_raygun(json& out, const origin& from, const report& about, const fault& what) {
  out.StartObject();
  put(out, "occurredOn", iso8601(about.at));
  out.Key("details");
  out.StartObject();
  put(out, "machineName", from.server);
  put(out, "version", from.version);
  out.Key("client");
  out.StartObject();
  put(out, "name", client_name(from));
  put(out, "version", OPR_VERSION);
  out.EndObject();
  out.Key("error");
  out.StartObject();
  put(out, "className", what.type);
  put(out, "message", what.message);
  out.EndObject();
  out.Key("request");
  out.StartObject();
  put(out, "httpMethod", what.method);
  put(out, "url", what.target);
  out.EndObject();
  out.Key("tags");
  out.StartArray();
  put(out, from.program);
  put(out, environment(from));
  out.EndArray();
  out.Key("userCustomData");
  put_tags(out, all_tags(what, about));
  out.EndObject();
  out.EndObject();
}

/// @note https://docs.appsignal.com/api/public-endpoint/errors.html
void put_appsignal(json& out, const origin& from, const report& about, const fault& what) {
  out.StartObject();
  out.Key("timestamp");
  out.Int64(static_cast<int64_t>(std::floor(unix_seconds(about.at))));
  put(out, "namespace", from.program);
  put(out, "action", action(what));
  put(out, "revision", from.version);
  out.Key("error");
  out.StartObject();
  put(out, "name", what.type);
  put(out, "message", what.message);
  out.Key("backtrace");
  out.StartArray();
  out.EndArray();
  out.EndObject();
  out.Key("environment");
  put_tags(
      out,
      {{"environment", std::string(environment(from))}, {"server", from.server}, {"version", from.version}});
  out.Key("tags");
  put_tags(out, all_tags(what, about));
  out.EndObject();
}

/// @note https://docs.logowl.io/docs/custom-adapter
void put_logowl(json& out, const provider& to, const origin& from, const report& about, const fault& what) {
  out.StartObject();
  put(out, "ticket", to.key);
  put(out, "type", "error");
  put(out, "message", what.type + ": " + what.message);
  put(out, "path", what.target);
  put(out, "line", "");
  put(out, "stacktrace", "");
  out.Key("timestamp");
  out.Int64(static_cast<int64_t>(std::floor(unix_seconds(about.at))));
  auto badges = all_tags(what, about);
  badges.insert(badges.end(), {{"environment", std::string(environment(from))},
                               {"namespace", from.program},
                               {"version", from.version}});
  out.Key("badges");
  put_tags(out, badges);
  out.Key("metrics");
  put_tags(out, {{"platform", from.server}});
  out.Key("logs");
  out.StartArray();
  out.EndArray();
  out.Key("adapter");
  put_tags(out, {{"name", client_name(from)}, {"type", from.program}, {"version", OPR_VERSION}});
  out.EndObject();
}

} // namespace

upload encode(const provider& to, const origin& from, const report& about) {
  auto what = told(about.what, to, from);
  rapidjson::StringBuffer buffer;
  json out(buffer);
  upload made{to.path, {{"Content-Type", "application/json"}, {"User-Agent", client(from)}}, {}};
  switch (to.kind) {
  case provider_kind::sentry:
    made.target += "api/" + to.project + "/store/";
    made.headers.push_back({"X-Sentry-Auth", "Sentry sentry_version=7, sentry_client=" + client(from) +
                                                 ", sentry_key=" + to.key});
    put_sentry(out, from, about, what);
    break;
  case provider_kind::raygun:
    made.target += "entries";
    made.headers.push_back({"X-ApiKey", to.key});
    put_raygun(out, from, about, what);
    break;
  case provider_kind::appsignal: {
    std::string key;
    for (auto c : to.key)
      key += c == '+' ? "%2B" : c == '=' ? "%3D" : std::string(1, c);
    made.target += "collect?api_key=" + key + "&version=1.3.19";
    put_appsignal(out, from, about, what);
    break;
  }
  case provider_kind::logowl:
    made.target += "error";
    put_logowl(out, to, from, about, what);
    break;
  }
  made.body.assign(buffer.GetString(), buffer.GetSize());
  return made;
}

} // namespace opr::reporting
