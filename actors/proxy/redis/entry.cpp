#include "actors/proxy/redis/entry.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>

namespace opr::redis {

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_entry = 1024; // ours have less than 50 bytes
constexpr int decimals = 2;

double percent(double usage) { return std::isfinite(usage) ? std::clamp(usage, 0.0, 100.0) : 0.0; }

std::string encode(const char* status, double usage) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.SetMaxDecimalPlaces(decimals);
  writer.StartObject();
  writer.Key("status");
  writer.String(status);
  writer.Key("usage");
  writer.Double(percent(usage));
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

struct entry {
  bool is_good = false;
  double usage = 0;
};

/// @param good, bad The two words that may stand as the status.
std::optional<entry> decode(std::string_view text, std::string_view good, std::string_view bad) {
  if (text.size() > longest_entry)
    return std::nullopt;
  rapidjson::Document read;
  read.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(text.data(),
                                                                                     text.size());
  if (read.HasParseError() || !read.IsObject())
    return std::nullopt;
  auto status = read.FindMember("status");
  if (status == read.MemberEnd() || !status->value.IsString())
    return std::nullopt;
  std::string_view word{status->value.GetString(), status->value.GetStringLength()};
  if (word != good && word != bad)
    return std::nullopt;
  entry found{word == good, 0};
  auto usage = read.FindMember("usage");
  if (usage == read.MemberEnd() || usage->value.IsNull())
    return found;
  if (!usage->value.IsNumber())
    return std::nullopt;
  found.usage = percent(usage->value.GetDouble());
  return found;
}

} // namespace

std::string runtimes_key(std::string_view executor) {
  return std::string("{executors-runtimes}:").append(executor);
}

std::string encode_executor(const executor_view& what) {
  return encode(what.online ? "online" : "offline", what.usage);
}

std::string encode_runtime(const runtime_view& what) {
  return encode(what.passes ? "pass" : "offline", what.usage);
}

std::optional<executor_view> decode_executor(std::string_view text) {
  auto read = decode(text, "online", "offline");
  return read ? std::optional(executor_view{read->is_good, read->usage, {}}) : std::nullopt;
}

std::optional<runtime_view> decode_runtime(std::string_view text) {
  auto read = decode(text, "pass", "offline");
  return read ? std::optional(runtime_view{read->is_good, read->usage}) : std::nullopt;
}

bool is_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_name &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace opr::redis
