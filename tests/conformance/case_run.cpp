#include "tests/conformance/case_run.hpp"

#include "tests/conformance/matcher.hpp"
#include "tests/conformance/multipart.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace opr::conformance {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto retry_after = 50ms;
constexpr const char* boundary = "conformance-8f2b7d5e0c1a";

void check_keys(const json& step) {
  constexpr std::array<std::string_view, 13> known{"request", "await", "background", "headers", "with",
                                                   "without", "json",  "as",         "body",    "timeout",
                                                   "hang_up", "until", "expect"};
  for (const auto& entry : step.GetObject()) {
    auto name = text_of(entry.name);
    if (name != "capture" && std::find(known.begin(), known.end(), name) == known.end())
      throw std::runtime_error("a step has no " + name);
  }
}

std::chrono::milliseconds milliseconds_of(const json& seconds) {
  return std::chrono::milliseconds{static_cast<int64_t>(seconds.GetDouble() * 1000)};
}

std::string title_of(const json& step) {
  const auto& request = member(step, "request");
  return request.IsString() ? text_of(request) : "await " + text_of(member(step, "await"));
}

/// An answer as far as it helps to understand a failure.
std::string shown(const http_answer& answer) {
  const auto* type = find_header(answer.headers, "content-type");
  auto body = answer.body.substr(0, 1000);
  std::replace_if(
      body.begin(), body.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, '.');
  return std::to_string(answer.status) + (type == nullptr ? "" : " " + *type) + " after " +
         std::to_string(answer.seconds) + " s: " + body;
}

void set_header(header_list& headers, const std::string& name, const json& value) {
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [&](const header_field& field) { return same_header(field.name, name); }),
                headers.end());
  if (!value.IsNull())
    headers.push_back({name, text_of(value)});
}

http_answer keyed_call(const target& of, const std::string& method, const std::string& path) {
  auto answer = perform(of.where, {method, path, {{"authorization", "Bearer " + of.key}}, {}, 60s, {}});
  return std::move(*answer);
}

} // namespace

case_run::case_run(const target& subject, const json& parameters, variables known)
    : target_(subject), parameters_(parameters), known_(std::move(known)) {}

void case_run::take(const json& steps) {
  auto number = 0;
  for (const auto& pattern : steps.GetArray()) {
    auto title = "step " + std::to_string(++number);
    try {
      auto step = expand(pattern, known_);
      title += " (" + title_of(step) + ")";
      take_step(step);
    } catch (const std::exception& error) {
      throw std::runtime_error(title + ": " + error.what());
    }
  }
}

void case_run::take_step(const json& step) {
  check_keys(step);
  answer got;
  if (const auto& name = member(step, "await"); name.IsString()) {
    got = background_.at(text_of(name)).get();
  } else if (const auto& title = member(step, "background"); title.IsString()) {
    background_[text_of(title)] =
        std::async(std::launch::async, [this, call = call_of(step)] { return perform(target_.where, call); });
    return;
  } else {
    got = repeat_until_right(call_of(step), step);
  }
  if (!got)
    return; // It hung up.
  if (const auto& expected = member(step, "expect"); expected.IsObject())
    if (auto wrong = mismatch(*got, expected))
      throw std::runtime_error(*wrong + "\n        the answer was " + shown(*got));
  if (const auto& names = member(step, "capture"); names.IsObject())
    capture(*got, names);
}

case_run::answer case_run::repeat_until_right(const http_call& call, const json& step) const {
  const auto& seconds = member(step, "until");
  auto end = steady::now() + (seconds.IsNumber() ? milliseconds_of(seconds) : 0ms);
  while (true) {
    auto got = perform(target_.where, call);
    if (steady::now() >= end || !got || !mismatch(*got, member(step, "expect")))
      return got;
    std::this_thread::sleep_for(retry_after); // Of what goes on elsewhere there is no event.
  }
}

document case_run::body_of(const json& step) const {
  document members;
  const auto& sets = member(step, "with");
  auto add = [&](const json& name) {
    const auto& set = member(parameters_, text_of(name).c_str());
    if (!set.IsObject())
      throw std::runtime_error("there are no parameters " + text_of(name));
    merge(members, expand(set, known_));
  };
  if (sets.IsArray())
    std::for_each(sets.Begin(), sets.End(), add);
  else if (sets.IsString())
    add(sets);
  if (const auto& own = member(step, "json"); own.IsObject())
    merge(members, own);
  if (const auto& left_out = member(step, "without"); left_out.IsArray())
    for (const auto& name : left_out.GetArray())
      members.RemoveMember(name);
  return members;
}

http_call case_run::call_of(const json& step) const {
  auto line = text_of(member(step, "request"));
  auto space = line.find(' ');
  http_call call{line.substr(0, space), line.substr(space + 1), {}, {}, 60s, {}};
  call.headers = {{"authorization", "Bearer " + target_.key}, {"accept", "application/json"}};
  auto members = body_of(step);
  bool is_multipart = text_of(member(step, "as")) == "multipart";
  if (members.IsObject()) {
    call.body = is_multipart ? encode_multipart(members, boundary) : as_json(members);
    auto type = is_multipart ? std::string("multipart/form-data; boundary=") + boundary : "application/json";
    call.headers.push_back({"content-type", type});
  }
  if (const auto& body = member(step, "body"); !body.IsNull())
    call.body = text_of(body);
  if (const auto& headers = member(step, "headers"); headers.IsObject())
    for (const auto& entry : headers.GetObject())
      set_header(call.headers, text_of(entry.name), entry.value);
  if (const auto& seconds = member(step, "timeout"); seconds.IsNumber())
    call.timeout = milliseconds_of(seconds);
  if (const auto& seconds = member(step, "hang_up"); seconds.IsNumber())
    call.hang_up = milliseconds_of(seconds);
  return call;
}

void case_run::capture(const http_answer& from, const json& names) {
  document read;
  read.Parse(from.body.data(), from.body.size());
  for (const auto& entry : names.GetObject()) {
    // A path into JSON that is a text within JSON: `body > headers.x`.
    const json* at = &read;
    document inner;
    auto path = text_of(entry.value);
    if (auto arrow = path.find(" > "); arrow != std::string::npos) {
      const auto* text = at_path(read, path.substr(0, arrow));
      inner.Parse(text == nullptr ? "" : text_of(*text).c_str());
      at = &inner;
      path = path.substr(arrow + 3);
    }
    const auto* found = at->IsNull() ? nullptr : at_path(*at, path);
    if (found == nullptr)
      throw std::runtime_error("there is nothing at " + text_of(entry.value) + " to capture in " +
                               shown(from));
    known_[text_of(entry.name)] = std::make_shared<const document>(copy_of(*found));
  }
}

void remove_runtimes(const target& of, const std::string& prefix) {
  auto listed = keyed_call(of, "GET", "/v1/runtimes");
  document all;
  all.Parse(listed.body.data(), listed.body.size());
  if (listed.status != 200 || !all.IsArray())
    throw std::runtime_error("the runtimes can't be listed: " + shown(listed));
  for (const auto& one : all.GetArray()) {
    auto name = text_of(member(one, "name"));
    auto at = name.find(prefix);
    if (at == std::string::npos)
      continue;
    auto removed = keyed_call(of, "DELETE", "/v1/runtimes/" + name.substr(at));
    if (removed.status != 200 && removed.status != 404)
      throw std::runtime_error(name + " can't be removed: " + shown(removed));
  }
}

} // namespace opr::conformance
