#include "actors/proxy/health_report.hpp"

#include "core/utf8.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>

namespace opr {

namespace {

using value = rapidjson::Value;

constexpr std::size_t longest_trouble = 200;
constexpr std::size_t longest_id = 255;

const value* member(const value& of, const char* name) {
  auto found = of.FindMember(name);
  return found == of.MemberEnd() ? nullptr : &found->value;
}

double percent(const value* number) {
  if (number == nullptr || !number->IsNumber() || std::isnan(number->GetDouble()))
    return 0;
  return std::clamp(number->GetDouble(), 0.0, 100.0);
}

std::string_view text(const value* of) {
  return of != nullptr && of->IsString() ? std::string_view{of->GetString(), of->GetStringLength()}
                                         : std::string_view{};
}

/// An id that may go into logs and into the shared state.
bool is_fit(std::string_view id) {
  return !id.empty() && id.size() <= longest_id &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

void read_runtimes(const value& list, health_report& into) {
  into.lists_runtimes = true;
  for (const auto& one : list.GetObject()) {
    std::string id{one.name.GetString(), one.name.GetStringLength()};
    if (!is_fit(id))
      continue;
    if (one.value.IsObject()) {
      auto status = text(member(one.value, "status"));
      into.shown.runtimes[id] = {status.empty() || status == "pass", percent(member(one.value, "usage"))};
    } else if (one.value.IsNumber()) { // The first generation's list holds nothing but the figures.
      into.shown.runtimes[id] = {true, percent(&one.value)};
    }
  }
}

std::string said(const value& answer) {
  for (const auto* name : {"message", "output", "error"})
    if (auto why = text(member(answer, name)); !why.empty())
      return to_utf8(cut_utf8(why, longest_trouble));
  return {};
}

} // namespace

health_report read_health(int status, std::string_view body) {
  health_report report;
  constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::Document answer;
  answer.Parse<flags>(body.data(), body.size());
  const bool is_object = !answer.HasParseError() && answer.IsObject();
  if (status != 200) {
    report.trouble = "answers " + std::to_string(status);
    if (auto why = is_object ? said(answer) : std::string{}; !why.empty())
      report.trouble += ": " + why;
    return report;
  }
  auto word = is_object ? text(member(answer, "status")) : std::string_view{};
  if (!word.empty() && word != "pass") {
    report.trouble = "says that its status is not pass";
    return report;
  }
  report.shown.online = true;
  if (word.empty())
    return report;
  const auto* usage = member(answer, "usage");
  report.shown.usage = percent(usage ? usage : member(answer, "hostUsage"));
  const auto* runtimes = member(answer, "runtimes");
  if (runtimes == nullptr)
    runtimes = member(answer, "functionsUsage");
  if (runtimes != nullptr && runtimes->IsObject())
    read_runtimes(*runtimes, report);
  // PHP writes an empty object as an empty list.
  report.lists_runtimes |= runtimes != nullptr && runtimes->IsArray();
  return report;
}

} // namespace opr
