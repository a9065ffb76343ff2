#include "tests/support/faulty_engine.hpp"

#include "tests/support/descriptor.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <vector>

namespace opr::test {

namespace {

using namespace std::chrono_literals;

constexpr const char* real_engine = "/var/run/docker.sock";
constexpr auto look_interval = 10ms; ///< Between looks for what a test has decided meanwhile.

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  path.copy(out.sun_path, sizeof out.sun_path - 1);
  return out;
}

descriptor make_socket() { return {socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"}; }

bool send_all(const descriptor& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

/// @returns Whether anything came.
bool receive_some(const descriptor& from, std::string& into) {
  std::array<char, 16384> piece{};
  const auto got = recv(from.get(), piece.data(), piece.size(), 0);
  if (got > 0)
    into.append(piece.data(), static_cast<size_t>(got));
  return got > 0;
}

/// Receives until the text holds that. @returns Where it ends; nothing if it never comes.
std::optional<size_t> receive_until(const descriptor& from, std::string& into, std::string_view what) {
  for (;;) {
    const auto at = into.find(what);
    if (at != std::string::npos)
      return at + what.size();
    if (!receive_some(from, into))
      return std::nullopt;
  }
}

/// A request as it came, but that its connection ends with it unless it becomes something else.
struct call {
  std::string method;
  std::string target;
  std::string bytes;
};

std::optional<call> receive_call(const descriptor& from) {
  call out;
  const auto head = receive_until(from, out.bytes, "\r\n\r\n");
  if (!head)
    return std::nullopt;
  size_t body = 0;
  if (const auto at = out.bytes.find("Content-Length: "); at < *head)
    body = std::stoul(out.bytes.substr(at + std::strlen("Content-Length: ")));
  while (out.bytes.size() < *head + body)
    if (!receive_some(from, out.bytes))
      return std::nullopt;
  const auto space = out.bytes.find(' ');
  out.method = out.bytes.substr(0, space);
  out.target = out.bytes.substr(space + 1, out.bytes.find(' ', space + 1) - space - 1);
  if (out.bytes.find("Upgrade: ") > *head)
    out.bytes.insert(out.bytes.find("\r\n") + 2, "Connection: close\r\n");
  return out;
}

} // namespace

struct faulty_engine::state {
  temp_dir folder;
  std::string path = (folder.path() / "engine").string();
  descriptor listening = make_socket();

  std::mutex mutex; ///< Of what follows.
  std::condition_variable changed;
  std::vector<faulty_calls> faults;
  bool ending = false;
  int hits = 0;
  int healed = 0; ///< How often.
  enum class events : uint8_t { pass, lose, hold } events_do = events::pass;
  std::vector<std::string> held;
  int cuts = 0; ///< How often the events were cut.

  std::list<std::thread> threads; ///< Of the accepting one alone, until it has ended.
  std::thread accepting;

  std::optional<faulty_calls> fault_of(const call& what) {
    std::lock_guard lock(mutex);
    for (auto& one : faults)
      if (one.times > 0 && one.method == what.method && what.target.find(one.path) != std::string::npos) {
        --one.times;
        ++hits;
        return one;
      }
    return std::nullopt;
  }

  /// @returns False if the test ends meanwhile.
  bool wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, time, [&, before = healed] { return ending || healed != before; });
    return !ending;
  }
  bool is_ending() {
    std::lock_guard lock(mutex);
    return ending;
  }
  int times_cut() {
    std::lock_guard lock(mutex);
    return cuts;
  }

  void accept_all() {
    const int at_once = listening.get();
    for (;;) {
      const int came = accept4(at_once, nullptr, nullptr, SOCK_CLOEXEC);
      if (came < 0)
        return;
      threads.emplace_back([this, client = std::make_shared<descriptor>(came, "accept")] { serve(*client); });
    }
  }

  void serve(const descriptor& client) {
    timeval patience{0, 100000}; // so that the end of the test is noticed
    setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::optional<call> what;
    pollfd readable{client.get(), POLLIN, 0};
    while (poll(&readable, 1, 100) == 0)
      if (is_ending())
        return;
    what = receive_call(client);
    if (!what)
      return;
    const auto fault = fault_of(*what);
    if (fault && !meddle(client, *fault))
      return;
    pass_on(client, *what, fault ? fault->fault : engine_fault::delayed);
  }

  /// @returns Whether the Engine is to get the call.
  bool meddle(const descriptor& client, const faulty_calls& fault) {
    switch (fault.fault) {
    case engine_fault::delayed:
      return wait(fault.delay);
    case engine_fault::answer_lost:
    case engine_fault::answer_cut:
      return true;
    case engine_fault::never_sent:
      return false;
    case engine_fault::answered:
      send_all(client, "HTTP/1.1 " + std::to_string(fault.status) +
                           " Injected\r\nContent-Type: application/json\r\nConnection: close\r\n"
                           "Content-Length: " +
                           std::to_string(fault.body.size()) + "\r\n\r\n" + fault.body);
      return false;
    case engine_fault::garbled:
      send_all(client, "\x16\x03\x01 what was that?\r\n\r\n");
      return false;
    }
    return false;
  }

  void pass_on(const descriptor& client, const call& what, engine_fault fault) {
    auto engine = make_socket();
    const auto where = address_of(real_engine);
    if (connect(engine.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
        !send_all(engine, what.bytes))
      return;
    if (fault == engine_fault::answer_lost || fault == engine_fault::answer_cut) {
      std::string answer;
      receive_until(engine, answer, "\r\n\r\n");
      if (fault == engine_fault::answer_cut)
        send_all(client, std::string_view(answer).substr(0, answer.size() / 2));
      return;
    }
    if (what.target.find("/events") != std::string::npos)
      relay_events(client, engine);
    else
      relay(client, engine);
  }

  /// Both ways, until the Engine or the client has ended.
  void relay(const descriptor& client, const descriptor& engine) {
    std::array<pollfd, 2> both{pollfd{client.get(), POLLIN, 0}, pollfd{engine.get(), POLLIN, 0}};
    while (!is_ending()) {
      poll(both.data(), both.size(), 100);
      for (size_t i = 0; i < 2; ++i) {
        std::string bytes;
        if (both[i].revents != 0 &&
            (!receive_some(i == 0 ? client : engine, bytes) || !send_all(i == 0 ? engine : client, bytes)))
          return;
      }
    }
  }

  /// Each event is a chunk.
  void relay_events(const descriptor& client, const descriptor& engine) {
    const auto cuts_before = times_cut();
    std::string bytes;
    const auto head = receive_until(engine, bytes, "\r\n\r\n");
    if (!head || !send_all(client, std::string_view(bytes).substr(0, *head)))
      return;
    bytes.erase(0, *head);
    std::array<pollfd, 2> both{pollfd{engine.get(), POLLIN, 0}, pollfd{client.get(), POLLIN, 0}};
    while (!is_ending() && times_cut() == cuts_before) {
      poll(both.data(), both.size(), static_cast<int>(look_interval.count()));
      if (both[1].revents != 0 || (both[0].revents != 0 && !receive_some(engine, bytes)))
        return;
      for (const auto& event : to_give(take_chunks(bytes)))
        if (!send_all(client, event))
          return;
    }
  }

  static std::vector<std::string> take_chunks(std::string& from) {
    std::vector<std::string> out;
    for (;;) {
      const auto line = from.find("\r\n");
      if (line == std::string::npos)
        return out;
      const auto size = line + 2 + std::stoul(from, nullptr, 16) + 2;
      if (from.size() < size)
        return out;
      out.push_back(from.substr(0, size));
      from.erase(0, size);
    }
  }

  /// What a client gets of these events, and of those that were held.
  std::vector<std::string> to_give(std::vector<std::string> came) {
    std::lock_guard lock(mutex);
    if (events_do == events::lose)
      return {};
    if (events_do == events::hold) {
      held.insert(held.end(), came.begin(), came.end());
      return {};
    }
    std::vector<std::string> out(held.rbegin(), held.rend());
    held.clear();
    out.insert(out.end(), came.begin(), came.end());
    return out;
  }

  void set_events(events how) {
    std::lock_guard lock(mutex);
    events_do = how;
  }
};

faulty_engine::faulty_engine() : state_(std::make_unique<state>()) {
  const auto where = address_of(state_->path);
  if (bind(state_->listening.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      listen(state_->listening.get(), 128) != 0)
    throw_errno("cannot listen on " + state_->path);
  state_->accepting = std::thread([this] { state_->accept_all(); });
}

faulty_engine::~faulty_engine() {
  {
    std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_all();
  shutdown(state_->listening.get(), SHUT_RDWR);
  state_->accepting.join();
  for (auto& one : state_->threads)
    one.join();
}

std::string faulty_engine::address() const { return "unix://" + state_->path; }

void faulty_engine::let_go_wrong(faulty_calls which) {
  std::lock_guard lock(state_->mutex);
  state_->faults.push_back(std::move(which));
}

void faulty_engine::heal() {
  {
    std::lock_guard lock(state_->mutex);
    state_->faults.clear();
    state_->events_do = state::events::pass;
    ++state_->healed;
  }
  state_->changed.notify_all();
}

int faulty_engine::hits() const {
  std::lock_guard lock(state_->mutex);
  return state_->hits;
}

void faulty_engine::lose_events() { state_->set_events(state::events::lose); }
void faulty_engine::hold_events() { state_->set_events(state::events::hold); }
void faulty_engine::give_events_reversed() { state_->set_events(state::events::pass); }

int faulty_engine::events_held() const {
  std::lock_guard lock(state_->mutex);
  return static_cast<int>(state_->held.size());
}

void faulty_engine::cut_events() {
  std::lock_guard lock(state_->mutex);
  ++state_->cuts;
}

} // namespace opr::test
