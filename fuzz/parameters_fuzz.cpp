// Bodies of requests, as JSON or as forms: whatever comes, it is refused as an invalid argument or within its
// bounds.
#include "fuzz/input.hpp"
#include "http/api/decode.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace opr;
using namespace opr::fuzz;
using namespace std::chrono_literals;

template <class T>
bool accepted(const result<T>& read) {
  if (read)
    return true;
  must(read.error().code == ec::general_argument_invalid, "a bad parameter is an invalid argument");
  must(!read.error().detail.empty(), "what is wrong is said");
  return false;
}

void check(const runtime_request& one) {
  must(http::is_runtime_id(one.runtime_id), "an id is fit for paths");
  must(one.image.size() <= 128, "an image is not longer than allowed");
  must(one.cpus >= 0 && one.cpus <= 1024, "a limit of processors is in its bounds");
  must(one.memory_mb == 0 || one.memory_mb >= 6, "a limit of memory is one that the Engine takes");
  must(one.build_timeout > 0ms && one.build_timeout <= 24h, "a time-out is in its bounds");
  must(one.commands.size() <= 100, "there are not more commands than allowed");
  for (const auto& [name, value] : one.variables) {
    must(!name.empty() && name.find('=') == std::string::npos, "a variable has a name");
    must((name + value).find('\0') == std::string::npos, "a variable holds no NUL");
  }
}

void check(const execution_request& one) {
  auto breaks_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  auto is_safe = [&](const std::string& text) { return std::none_of(text.begin(), text.end(), breaks_line); };
  check(one.runtime);
  must(!one.path.empty() && one.path.front() == '/' && one.path.find(' ') == std::string::npos,
       "a path begins with /");
  must(is_safe(one.path) && is_safe(one.method), "a request line is one line");
  must(one.timeout > 0ms && one.timeout <= 10s, "a time-out is in its bounds");
  for (const auto& [name, value] : one.headers)
    must(!name.empty() && is_safe(name) && is_safe(value), "a header is one line");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const http::request_rules rules{{generation::v2, generation::v5}, 1, 512, 600s, 10s};
  auto bytes = text_of(data, size);
  auto which = take_byte(bytes) % 4;
  std::string type{take_text(bytes)};
  http::request_body body{std::string(bytes), type};
  if (which == 0) {
    if (auto read = http::decode_creation(std::move(body), rules); accepted(read))
      check(*read);
  } else if (which == 1) {
    if (auto read = http::decode_execution(std::move(body), "one", rules); accepted(read))
      check(*read);
  } else if (which == 2) {
    if (auto read = http::decode_first_execution(std::move(body), rules); accepted(read))
      check(*read);
  } else {
    if (auto read = http::decode_command(std::move(body), "one"); accepted(read))
      must(!read->command.empty() && read->command.size() <= 4096, "a command is there");
    accepted(http::decode_follow(bytes));
  }
  return 0;
}
