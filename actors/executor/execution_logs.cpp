#include "actors/executor/execution_logs.hpp"

#include "core/utf8.hpp"
#include "storage/untrusted_file.hpp"

#include <spdlog/spdlog.h>

#include <string_view>

namespace opr {

namespace {

constexpr std::string_view truncation_note = "\nLog file has been truncated to 5.00MB.";

std::string take(const std::string& folder, const std::string& name) {
  auto read = storage::read_untrusted(folder, name, max_execution_log);
  if (auto removed = storage::remove_untrusted(folder, name); !removed)
    spdlog::debug("an execution's log stays behind: {}", removed.error().detail);
  if (!read)
    return {};
  if (!read->truncated)
    return std::move(read->bytes);
  return std::string{cut_utf8(read->bytes, max_execution_log)}.append(truncation_note);
}

} // namespace

void take_execution_logs(const std::string& folder, const std::string& id, execution_result& into) {
  into.logs = take(folder, id + "_logs.log");
  into.errors = take(folder, id + "_errors.log");
}

} // namespace opr
