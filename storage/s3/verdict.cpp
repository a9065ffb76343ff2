#include "storage/s3/verdict.hpp"

#include "storage/s3/xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace opr::storage {

namespace {

/// Longer waits are for nobody who waits for an answer.
constexpr unsigned longest_retry_after = 3600;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_temporary(int status, std::string_view code) {
  constexpr std::array<int, 6> statuses{408, 429, 500, 502, 503, 504};
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end() ||
         is_one_of(code, {"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling"});
}

ec meaning(int status, std::string_view code) {
  if (status == 404 && (code.empty() || code == "NoSuchKey"))
    return ec::source_not_found;
  return is_one_of(code, {"QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"}) || status == 507
             ? ec::storage_full
             : ec::storage_failed;
}

std::optional<clock::duration> retry_after(const header_list& headers) {
  const auto* text = find_header(headers, "retry-after");
  unsigned seconds = 0;
  if (text == nullptr ||
      std::from_chars(text->data(), text->data() + text->size(), seconds).ec != std::errc{})
    return std::nullopt; // A date is as good as none: waiting grows by itself.
  return std::chrono::seconds(std::min(seconds, longest_retry_after));
}

s3_verdict judge_call(const failure& why, const std::string& what) {
  s3_verdict out;
  auto is_late = why.code == ec::deadline_passed || why.code == ec::cancelled;
  out.why = {is_late ? why.code : ec::storage_failed, what + ": " + why.detail};
  out.may_repeat = why.code == ec::connect_failed || why.code == ec::connection_broken;
  return out;
}

} // namespace

s3_verdict judge(const s3_reply& reply, const std::string& what) {
  if (reply.why.code != ec::none)
    return judge_call(reply.why, what);
  auto status = reply.head.status;
  auto is_error = xml_root_is(reply.body, "Error"); // a long request's error may come after its 200
  constexpr int not_modified = 304;                 // said to nobody who didn't ask for it
  if ((status / 100 == 2 && !is_error) || status == not_modified)
    return {};
  auto code = is_error ? xml_text(reply.body, "Code", 100) : std::string{};
  s3_verdict out;
  out.why = {meaning(status, code), what + ": the server answered " + std::to_string(status)};
  if (!code.empty())
    out.why.detail += " " + code + ": " + xml_text(reply.body, "Message");
  out.may_repeat = is_temporary(status, code);
  out.retry_after = retry_after(reply.head.headers);
  return out;
}

} // namespace opr::storage
