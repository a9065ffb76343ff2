#include "actors/executor/runtime_record.hpp"

#include "storage/files/descriptor.hpp"
#include "storage/files/fault.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace opr {

namespace {

constexpr std::string_view first_line = "openruntimes runtime 1";
constexpr const char* file_name = "/.runtime";
constexpr std::size_t max_bytes = 8192;

using field_map = std::map<std::string, std::string, std::less<>>;

std::string decimal(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.6f", value);
  return text.data();
}

template <class T>
bool read_number(const field_map& fields, std::string_view name, T& into) {
  auto found = fields.find(name);
  if (found == fields.end())
    return false;
  const auto& text = found->second;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_text(const field_map& fields, std::string_view name, std::string& into) {
  auto found = fields.find(name);
  if (found == fields.end() || found->second.empty())
    return false;
  into = found->second;
  return true;
}

/// The part of a text up to a separator, which is taken off with it.
std::string_view take_until(std::string_view& text, char separator) {
  auto end = text.find(separator);
  auto part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

/// Writes all, or says why not.
bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto wrote = ::write(file, text.data(), text.size());
    if (wrote < 0 && errno != EINTR)
      return false;
    if (wrote > 0)
      text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

/// Reads a small file; nothing if it is larger.
std::optional<std::string> read_all(int file) {
  std::string text(max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    auto got = ::read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return std::nullopt;
    if (got == 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_bytes)
    return std::nullopt;
  text.resize(size);
  return text;
}

} // namespace

runtime_record record_of(const runtime_request& request, purpose why, const container_facts& container) {
  runtime_record record;
  record.executor = container.executor;
  record.runtime_id = request.runtime_id;
  record.hostname = container.hostname;
  record.secret = container.secret;
  record.network = container.network;
  record.image = request.image;
  record.version = request.version;
  record.created = container.created;
  record.cpus = request.cpus;
  record.memory_mb = request.memory_mb;
  record.concurrency = request.concurrency;
  record.builds = has_build(request, why);
  return record;
}

std::optional<std::string> encode_record(const runtime_record& what) {
  const std::pair<const char*, std::string> fields[] = {
      {"executor", what.executor},
      {"runtime_id", what.runtime_id},
      {"hostname", what.hostname},
      {"secret", what.secret},
      {"network", what.network},
      {"image", what.image},
      {"version", std::string(facts(what.version).name)},
      {"created", decimal(what.created)},
      {"cpus", decimal(what.cpus)},
      {"memory_mb", std::to_string(what.memory_mb)},
      {"concurrency", std::to_string(what.concurrency)},
      {"builds", what.builds ? "1" : "0"},
  };
  std::string text{first_line};
  for (const auto& [name, value] : fields) {
    if (value.find_first_of(std::string_view{"\n\0", 2}) != std::string::npos)
      return std::nullopt;
    text.append("\n").append(name).append(" ").append(value);
  }
  // A text that was cut off lacks this line.
  return text + "\nend\n";
}

std::optional<runtime_record> decode_record(std::string_view text) {
  if (take_until(text, '\n') != first_line)
    return std::nullopt;
  field_map fields;
  std::string_view name;
  while (!text.empty() && name != "end") {
    auto line = take_until(text, '\n');
    name = take_until(line, ' ');
    fields.emplace(name, line);
  }
  runtime_record read;
  std::string version;
  unsigned builds = 0;
  if (name != "end" || !read_text(fields, "executor", read.executor) ||
      !read_text(fields, "runtime_id", read.runtime_id) || !read_text(fields, "hostname", read.hostname) ||
      !read_text(fields, "secret", read.secret) || !read_text(fields, "network", read.network) ||
      !read_text(fields, "image", read.image) || !read_text(fields, "version", version) ||
      !read_number(fields, "created", read.created) || !read_number(fields, "cpus", read.cpus) ||
      !read_number(fields, "memory_mb", read.memory_mb) ||
      !read_number(fields, "concurrency", read.concurrency) || !read_number(fields, "builds", builds))
    return std::nullopt;
  auto known = parse_generation(version);
  if (!known)
    return std::nullopt;
  read.version = *known;
  read.builds = builds != 0;
  return read;
}

result<done> write_record(const runtime_folders& folders, const runtime_record& what) {
  auto path = folders.root + file_name;
  auto text = encode_record(what);
  if (!text)
    return {ec::general_argument_invalid, "The image's name has a line break in it."};
  storage::descriptor file{
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (file && write_all(file.get(), *text))
    return done{};
  return storage::write_fault(errno, path);
}

std::optional<runtime_record> read_record(const runtime_folders& folders, const std::string& executor,
                                          const std::string& runtime_id) {
  storage::descriptor file{
      open((folders.root + file_name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_uid != geteuid() ||
      (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return std::nullopt;
  auto text = read_all(file.get());
  auto read = text ? decode_record(*text) : std::nullopt;
  if (!read || read->executor != executor || read->runtime_id != runtime_id)
    return std::nullopt;
  return read;
}

} // namespace opr
