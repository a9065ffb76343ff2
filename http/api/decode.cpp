#include "http/api/decode.hpp"

#include "http/api/params.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace opr::http {

namespace {

constexpr std::size_t any_length = 4096; ///< For parameters that the contract gives no bound.
constexpr auto parse_flags =
    rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Parses in place: strings of the document lie in the buffer.
result<done> parse_object(std::string& buffer, rapidjson::Document& document) {
  // Parsing in place ends at a NUL byte, and would leave what follows unread.
  if (buffer.find('\0') != std::string::npos)
    return {ec::general_argument_invalid, "The request body is not valid JSON."};
  document.ParseInsitu<parse_flags>(buffer.data());
  if (document.HasParseError())
    return {ec::general_argument_invalid, "The request body is not valid JSON."};
  if (!document.IsObject())
    return {ec::general_argument_invalid, "The request body must be a JSON object."};
  return done{};
}

std::string read_runtime_id(params& from) {
  auto id = from.text("runtimeId", 1, 64);
  if (!from.refused() && !is_runtime_id(id))
    from.refuse("runtimeId", "match ^[A-Za-z0-9][A-Za-z0-9_.-]*$");
  return id;
}

/// An image reference, as far as that keeps it from being taken for anything else; the Engine checks the
/// rest.
std::string read_image(params& from, bool required) {
  auto image = from.text("image", required ? 1 : 0, 128);
  auto fits = [](char c) {
    return is_word(c) || std::string_view{"._/:@-"}.find(c) != std::string_view::npos;
  };
  if (!image.empty() && !(is_word(image.front()) && std::all_of(image.begin(), image.end(), fits)))
    from.refuse("image", "be an image reference");
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
void read_runtime(params& from, runtime_request& into, bool image_required,
                  const std::vector<generation>& versions) {
  into.image = read_image(from, image_required);
  into.entrypoint = from.text("entrypoint", 0, 256);
  into.source = from.text("source", 0, any_length);
  into.variables = from.variables("variables");
  into.runtime_entrypoint = from.text("runtimeEntrypoint", 0, 1024);
  into.cpus = from.number("cpus", 0.01, 1024, 1);
  into.memory_mb = from.whole("memory", 6, 16 * 1024 * 1024, 512);
  into.version = read_version(from, into.image, versions);
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

void read_body(params& from, execution_request& into) {
  auto body = from.view("body", max_execution_body);
  if (!body)
    body = from.view("payload", max_execution_body);
  into.body = body.value_or(std::string_view{});
}

result<execution_request> finish(const params& from, execution_request&& read) {
  if (from.refused())
    return *from.refused();
  return std::move(read);
}

} // namespace

bool is_runtime_id(std::string_view text) {
  auto fits = [](char c) { return is_word(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= 64 && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), fits);
}

result<runtime_request> decode_creation(std::string body, const std::vector<generation>& versions) {
  rapidjson::Document document;
  if (auto parsed = parse_object(body, document); !parsed)
    return parsed.error();
  params from{document};
  runtime_request read;
  read.runtime_id = read_runtime_id(from);
  read_runtime(from, read, true, versions);
  read.destination = from.text("destination", 0, any_length);
  read.output_directory = from.text("outputDirectory", 0, any_length);
  read.command = from.text("command", 0, 1024);
  for (const auto* later : {"commands", "workdir"})
    if (from.names(later))
      from.refuse(later, "be left out: this version doesn't know it");
  read.build_timeout = from.seconds("timeout", 600);
  read.remove_when_done = from.flag("remove", false);
  if (from.refused())
    return *from.refused();
  return read;
}

result<execution_request> decode_execution(std::string body, std::string runtime_id,
                                           const std::vector<generation>& versions) {
  auto buffer = std::make_shared<std::string>(std::move(body));
  rapidjson::Document document;
  if (auto parsed = parse_object(*buffer, document); !parsed)
    return parsed.error();
  params from{document};
  execution_request read;
  read.buffer = buffer;
  read_body(from, read);
  read.path = read_path(from);
  read.method = from.choice("method", "GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD,", "GET");
  read.headers = from.headers("headers");
  read.logging = from.flag("logging", true);
  read.timeout = from.seconds("timeout", 15);
  read.runtime.runtime_id = std::move(runtime_id);
  read_runtime(from, read.runtime, false, versions);
  return finish(from, std::move(read));
}

result<execution_request> decode_first_execution(std::string body, const std::vector<generation>& versions) {
  auto buffer = std::make_shared<std::string>(std::move(body));
  rapidjson::Document document;
  if (auto parsed = parse_object(*buffer, document); !parsed)
    return parsed.error();
  params from{document};
  execution_request read;
  read.buffer = buffer;
  read_body(from, read);
  read.method = "POST";
  read.timeout = from.seconds("timeout", 15);
  read.runtime.runtime_id = read_runtime_id(from);
  read_runtime(from, read.runtime, false, versions);
  return finish(from, std::move(read));
}

} // namespace opr::http
