#include "config/yaml_file.hpp"

#include "config/nearest.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace opr::config {

namespace {

constexpr std::size_t largest_file = 1U << 20U;

/// Collects a flat document from the parser's events. Building no tree, it needs no stack for deep nesting
/// and no memory for aliases of aliases: the first event that doesn't fit ends the parse, by a
/// `YAML::ParserException`.
class flat_document final : public YAML::EventHandler {
public:
  std::vector<yaml_entry> entries;

  void OnDocumentStart(const YAML::Mark& at) override {
    if (std::exchange(started_, true))
      refuse(at, "a second document: only one is read");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t) override {
    // The parser has read on to the next token by now: a missing value is missing behind its key.
    if (awaits_value())
      add_value("", entries.back().key_at);
    else if (in_ != inside::nothing)
      add(at, "");
  }
  void OnAlias(const YAML::Mark& at, YAML::anchor_t) override { refuse(at, "aliases have no use here"); }
  void OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    refuse_tag(at, tag);
    add(at, value);
  }
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    refuse_tag(at, tag);
    if (!awaits_value())
      refuse(at, "a list can only be the value of a key");
    in_ = inside::list;
    entries.back().value.is_list = true;
    entries.back().value_at = where(at);
  }
  void OnSequenceEnd() override {
    in_ = inside::map;
    key_is_alone_ = false;
  }
  void OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    refuse_tag(at, tag);
    if (in_ != inside::nothing)
      refuse(at, "no setting has values inside values");
    in_ = inside::map;
  }
  void OnMapEnd() override { in_ = inside::nothing; }

private:
  enum class inside { nothing, map, list };

  [[noreturn]] static void refuse(const YAML::Mark& at, const std::string& why) {
    throw YAML::ParserException(at, why);
  }

  /// Plain scalars and collections carry "?", quoted ones "!".
  static void refuse_tag(const YAML::Mark& at, const std::string& tag) {
    if (tag.size() > 1)
      refuse(at, "tags such as !!str have no use here");
  }

  static position where(const YAML::Mark& at) { return {at.line + 1, at.column + 1}; }

  bool awaits_value() const { return in_ == inside::map && key_is_alone_; }

  void add(const YAML::Mark& at, const std::string& scalar) {
    if (in_ == inside::nothing)
      refuse(at, "the file must hold lines of the form 'key: value'");
    if (in_ == inside::list || key_is_alone_)
      return add_value(scalar, where(at));
    if (!keys_.insert(scalar).second)
      refuse(at, "key " + shown(scalar) + " stands here for the second time");
    entries.push_back({scalar, where(at), {}, where(at)});
    key_is_alone_ = true;
  }

  void add_value(const std::string& scalar, position at) {
    auto& entry = entries.back();
    entry.value.items.push_back(scalar);
    if (in_ == inside::map) {
      entry.value_at = at;
      key_is_alone_ = false;
    }
  }

  inside in_ = inside::nothing;
  bool key_is_alone_ = false; ///< The last entry has no value as yet.
  bool started_ = false;
  std::set<std::string> keys_;
};

failure invalid(std::string detail) { return {ec::general_argument_invalid, std::move(detail)}; }

failure unreadable(const std::string& path, int error) {
  return invalid(path + ": cannot be read: " + std::generic_category().message(error));
}

/// A descriptor that closes itself.
struct open_file {
  int fd;
  ~open_file() {
    if (fd >= 0)
      close(fd);
  }
};

result<std::string> read_text(const std::string& path) {
  open_file file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat about {};
  if (file.fd < 0 || fstat(file.fd, &about) != 0)
    return unreadable(path, errno);
  if (S_ISDIR(about.st_mode))
    return unreadable(path, EISDIR);
  std::string text(largest_file + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    auto got = read(file.fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return unreadable(path, errno);
    if (got == 0)
      break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > largest_file)
    return invalid(path + ": is larger than 1 MiB");
  text.resize(filled);
  return text;
}

/// yaml-cpp takes the character 4 for the end of the file, and would silently ignore the rest.
std::optional<position> find_control_character(std::string_view text) {
  position at;
  for (unsigned char c : text) {
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
      return at;
    at = c == '\n' ? position{at.line + 1, 1} : position{at.line, at.column + 1};
  }
  return std::nullopt;
}

} // namespace

std::string place(const std::string& path, position at) {
  return path + ':' + std::to_string(at.line) + ':' + std::to_string(at.column) + ": ";
}

result<std::vector<yaml_entry>> read_yaml_file(const std::string& path) {
  auto text = read_text(path);
  if (!text)
    return text.error();
  if (auto at = find_control_character(*text))
    return invalid(place(path, *at) + "a control character: this is no YAML text");
  try {
    std::istringstream stream(*text);
    YAML::Parser parser(stream);
    flat_document document;
    while (parser.HandleNextDocument(document)) {
    }
    return std::move(document.entries);
  } catch (const YAML::Exception& error) {
    return invalid(place(path, {error.mark.line + 1, error.mark.column + 1}) + error.msg);
  } catch (const std::exception& error) {
    return invalid(path + ": cannot be read as YAML: " + error.what());
  }
}

} // namespace opr::config
