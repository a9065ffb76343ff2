#include "http/api/decode.hpp"

#include "core/image_reference.hpp"
#include "http/api/params.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace opr::http {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t any_length = 4096; ///< For parameters that the contract gives no bound.
constexpr std::chrono::milliseconds usual_timeout = 15s;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string read_runtime_id(params& from) {
  auto id = from.text("runtimeId", 1, 64);
  if (!from.refused() && !is_runtime_id(id))
    from.refuse("runtimeId", "match ^[A-Za-z0-9][A-Za-z0-9_.-]*$");
  return id;
}

/// A key becomes a part of a path.
std::string read_cache_key(params& from) {
  auto key = from.text("cacheKey", 0, 128);
  auto fits = [](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; };
  if (!key.empty() && !(is_word(key.front()) && std::all_of(key.begin(), key.end(), fits)))
    from.refuse("cacheKey", "match ^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$");
  return key;
}

bool is_allowed(const std::string& image, const std::vector<std::string>& patterns) {
  auto reference = parse_image_reference(image);
  return patterns.empty() ||
         (reference && std::any_of(patterns.begin(), patterns.end(),
                                   [&](const auto& one) { return matches(*reference, one); }));
}

/// An image reference, as far as that keeps it from being taken for anything else; the Engine checks the
/// rest.
std::string read_image(params& from, bool required, const request_rules& rules) {
  auto image = from.text("image", required ? 1 : 0, 128);
  auto fits = [](char c) {
    return is_word(c) || std::string_view{"._/:@-"}.find(c) != std::string_view::npos;
  };
  if (!image.empty() && !(is_word(image.front()) && std::all_of(image.begin(), image.end(), fits)))
    from.refuse("image", "be an image reference");
  else if (!image.empty() && !is_allowed(image, rules.allowed_images))
    from.refuse("image", "be one of the images that this executor may run");
  return image;
}

/// The request's version, else the one that the image's tag tells, else the newest configured.
generation read_version(params& from, const std::string& image, const std::vector<generation>& versions) {
  auto configured = [&](generation one) {
    return std::find(versions.begin(), versions.end(), one) != versions.end();
  };
  auto name = from.text("version", 0, any_length);
  if (name.empty()) {
    auto told = generation_of_image(image);
    return told && configured(*told) ? *told : versions.back();
  }
  auto read = parse_generation(name);
  if (read && configured(*read))
    return *read;
  std::string names;
  for (auto one : versions)
    names += (names.empty() ? "" : ", ") + std::string(facts(one).name);
  from.refuse("version", "be one of " + names);
  return versions.back();
}

/// What creating and cold-starting have in common.
void read_runtime(params& from, runtime_request& into, bool image_required, const request_rules& rules) {
  into.image = read_image(from, image_required, rules);
  into.entrypoint = from.text("entrypoint", 0, 256);
  into.source = from.text("source", 0, any_length);
  into.variables = from.variables("variables");
  into.runtime_entrypoint = from.text("runtimeEntrypoint", 0, 1024);
  into.cpus = from.number("cpus", 0.01, 1024, rules.cpus);
  into.memory_mb = from.whole("memory", 6, 16 * 1024 * 1024, rules.memory_mb);
  into.version = read_version(from, into.image, rules.versions);
  into.restart_policy = from.choice("restartPolicy", "no,always,on-failure,unless-stopped,", "no");
}

/// A path as it goes on the request line.
std::string read_path(params& from) {
  auto path = from.text("path", 0, 2048);
  if (path.empty() || path.front() != '/')
    path.insert(0, 1, '/');
  if (std::any_of(path.begin(), path.end(),
                  [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }))
    from.refuse("path", "not contain spaces or control characters");
  return path;
}

std::string_view read_body(params& from) {
  auto body = from.view("body", max_execution_body);
  return body.empty() ? from.view("payload", max_execution_body) : body;
}

/// Parses a body, has its parameters read, and gives what was read unless a rule was broken.
/// @param read `T(params&)`.
template <class F>
auto decode(std::string& bytes, std::string_view type, F read)
    -> result<decltype(read(std::declval<params&>()))> {
  rapidjson::Document document;
  if (auto parsed = read_parameters(bytes, type, document); !parsed)
    return parsed.error();
  params from{document};
  auto made = read(from);
  if (from.refused())
    return *from.refused();
  return made;
}

} // namespace

bool is_runtime_id(std::string_view text) {
  auto fits = [](char c) { return is_word(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= 64 && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), fits);
}

result<runtime_request> decode_creation(request_body body, const request_rules& rules) {
  return decode(body.bytes, body.type, [&](params& from) {
    runtime_request read;
    read.runtime_id = read_runtime_id(from);
    read_runtime(from, read, true, rules);
    read.destination = from.text("destination", 0, any_length);
    read.output_directory = from.text("outputDirectory", 0, any_length);
    read.command = from.text("command", 0, 1024);
    read.commands = from.texts("commands", 100, 1024);
    read.workdir = from.text("workdir", 0, 256);
    read.cache_key = read_cache_key(from);
    read.build_timeout = from.seconds("timeout", rules.build_timeout);
    read.remove_when_done = from.flag("remove", false);
    return read;
  });
}

result<execution_request> decode_execution(request_body body, std::string runtime_id,
                                           const request_rules& rules) {
  auto buffer = std::make_shared<std::string>(std::move(body.bytes));
  return decode(*buffer, body.type, [&](params& from) {
    execution_request read;
    read.buffer = buffer;
    read.body = read_body(from);
    read.path = read_path(from);
    read.method = from.choice("method", "GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD,", "GET");
    read.headers = from.headers("headers");
    read.logging = from.flag("logging", true);
    read.timeout = from.seconds("timeout", std::min(usual_timeout, rules.max_timeout), rules.max_timeout);
    read.runtime.runtime_id = std::move(runtime_id);
    read_runtime(from, read.runtime, false, rules);
    return read;
  });
}

result<execution_request> decode_first_execution(request_body body, const request_rules& rules) {
  auto buffer = std::make_shared<std::string>(std::move(body.bytes));
  return decode(*buffer, body.type, [&](params& from) {
    execution_request read;
    read.buffer = buffer;
    read.body = read_body(from);
    read.method = "POST";
    read.timeout = from.seconds("timeout", std::min(usual_timeout, rules.max_timeout), rules.max_timeout);
    read.runtime.runtime_id = read_runtime_id(from);
    read_runtime(from, read.runtime, false, rules);
    return read;
  });
}

result<command_request> decode_command(request_body body, std::string runtime_id) {
  return decode(body.bytes, body.type, [&](params& from) {
    command_request read;
    read.runtime_id = std::move(runtime_id);
    read.command = from.text("command", 1, 1024);
    read.timeout = from.seconds("timeout", 600s);
    return read;
  });
}

result<std::chrono::milliseconds> decode_follow(std::string_view target) {
  rapidjson::Document document;
  read_query(target, document);
  params from{document};
  auto timeout = from.seconds("timeout", 600s);
  if (from.refused())
    return *from.refused();
  return timeout;
}

} // namespace opr::http
