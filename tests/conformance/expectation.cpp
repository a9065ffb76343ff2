#include "tests/conformance/case_run.hpp"
#include "tests/conformance/matcher.hpp"
#include "tests/conformance/multipart.hpp"

#include <functional>
#include <stdexcept>

namespace opr::conformance {

namespace {

using complaint = std::optional<std::string>;

complaint check_status(const http_answer& answer, const json& expected) {
  json status{answer.status};
  return mismatch(&status, expected);
}

complaint check_fields(const header_list& fields, const json& expected) {
  for (const auto& entry : expected.GetObject()) {
    auto name = text_of(entry.name);
    const auto* found = find_header(fields, name);
    auto value = text_value(found == nullptr ? "" : *found);
    if (auto wrong = mismatch(found == nullptr ? nullptr : &value, entry.value))
      return name + ": " + *wrong;
  }
  return {};
}

complaint check_headers(const http_answer& answer, const json& expected) {
  return check_fields(answer.headers, expected);
}

complaint check_text(const http_answer& answer, const json& expected) {
  auto text = text_value(answer.body);
  return mismatch(&text, expected);
}

complaint check_json(const http_answer& answer, const json& expected) {
  document read;
  read.Parse(answer.body.data(), answer.body.size());
  if (read.HasParseError())
    return "the body is no JSON";
  return mismatch_in(read, expected);
}

std::vector<part> parts_of(const http_answer& answer) {
  const auto* type = find_header(answer.headers, "content-type");
  return decode_multipart(type == nullptr ? "" : *type, answer.body);
}

/// Checks what `look` sees of the parts that are named.
complaint check_parts(const http_answer& answer, const json& expected,
                      const std::function<complaint(const part&, const json&)>& look) {
  auto parts = parts_of(answer);
  for (const auto& entry : expected.GetObject()) {
    auto name = text_of(entry.name);
    auto found = std::find_if(parts.begin(), parts.end(), [&](const part& one) { return one.name == name; });
    if (found == parts.end())
      return "there is no part " + name;
    if (auto wrong = look(*found, entry.value))
      return name + ": " + *wrong;
  }
  return {};
}

complaint check_multipart(const http_answer& answer, const json& expected) {
  return check_parts(answer, expected, [](const part& one, const json& content) {
    auto text = text_value(one.content);
    return mismatch(&text, content);
  });
}

complaint check_part_headers(const http_answer& answer, const json& expected) {
  return check_parts(answer, expected,
                     [](const part& one, const json& fields) { return check_fields(one.headers, fields); });
}

complaint check_runs(const http_answer& answer, const json& expected) {
  return check_parts(answer, expected, [](const part& one, const json& number) {
    json runs{static_cast<uint64_t>(one.runs)};
    return mismatch(&runs, number);
  });
}

complaint check_part_names(const http_answer& answer, const json& expected) {
  document names;
  names.SetArray();
  for (const auto& one : parts_of(answer))
    names.PushBack(json{one.name.c_str(), names.GetAllocator()}, names.GetAllocator());
  return mismatch(&names, expected);
}

/// When the last byte of a text was there, in seconds since the request.
double arrival_of(const http_answer& answer, const std::string& text) {
  auto at = answer.body.find(text);
  if (at == std::string::npos)
    throw std::runtime_error("'" + text + "' did not come");
  for (const auto& one : answer.arrivals)
    if (one.bytes >= at + text.size())
      return one.seconds;
  return answer.seconds;
}

complaint check_arrival(const http_answer& answer, const json& expected) {
  auto text = text_of(member(expected, "text"));
  const auto& earlier = member(expected, "since");
  auto begin = earlier.IsString() ? arrival_of(answer, text_of(earlier)) : 0;
  json seconds{arrival_of(answer, text) - begin};
  auto wrong = mismatch(&seconds, member(expected, "seconds"));
  return wrong ? "seconds until '" + text + "' came: " + *wrong : wrong;
}

complaint check_arrivals(const http_answer& answer, const json& expected) {
  for (const auto& one : expected.GetArray())
    if (auto wrong = check_arrival(answer, one))
      return wrong;
  return {};
}

complaint check_seconds(const http_answer& answer, const json& expected) {
  json seconds{answer.seconds};
  return mismatch(&seconds, expected);
}

} // namespace

complaint mismatch(const http_answer& answer, const json& expected) {
  using check = complaint (*)(const http_answer&, const json&);
  static const std::map<std::string, check> checks{
      {"status", check_status},   {"headers", check_headers},           {"text", check_text},
      {"json", check_json},       {"parts", check_part_names},          {"multipart", check_multipart},
      {"runs", check_runs},       {"part_headers", check_part_headers}, {"arrives", check_arrivals},
      {"seconds", check_seconds},
  };
  for (const auto& entry : expected.GetObject()) {
    auto found = checks.find(text_of(entry.name));
    if (found == checks.end())
      throw std::runtime_error("there is no expectation " + text_of(entry.name));
    if (auto wrong = found->second(answer, entry.value))
      return found->first + ": " + *wrong;
  }
  return {};
}

} // namespace opr::conformance
