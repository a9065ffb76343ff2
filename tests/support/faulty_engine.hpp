#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace opr::test {

/// What goes wrong with a call of the Engine.
enum class engine_fault : uint8_t {
  delayed,     ///< It reaches the Engine late.
  never_sent,  ///< The connection breaks before the Engine gets it.
  answer_lost, ///< The Engine does it, and the connection breaks before its answer.
  answer_cut,  ///< The connection breaks in the middle of its answer's head.
  answered,    ///< Somebody else answers.
  garbled,     ///< What is answered is no HTTP.
};

/// Calls that go wrong, and how.
struct faulty_calls {
  std::string method;
  std::string path; ///< A part of the path, without the version: `/containers/create`.
  engine_fault fault = engine_fault::answered;
  int status = 500; ///< Of `answered`, as is the body.
  std::string body = R"({"message":"injected"})";
  std::chrono::milliseconds delay{0}; ///< Of `delayed`.
  int times = 1;                      ///< So many; the later ones pass.
};

/// Stands between an executor and the real Docker Engine of this machine, on a unix socket of its own, and
/// lets go wrong what a test wishes. Any thread.
class faulty_engine {
public:
  faulty_engine();
  ~faulty_engine();
  faulty_engine(const faulty_engine&) = delete;
  faulty_engine& operator=(const faulty_engine&) = delete;

  /// As the setting `docker_host` names it.
  std::string address() const;

  /// From now on, and beside what was set before.
  void let_go_wrong(faulty_calls which);
  /// All passes again, and what is delayed goes on at once.
  void heal();
  /// How many calls have gone wrong.
  int hits() const;

  // The events.
  void lose_events(); ///< From now on, until `heal`.
  void hold_events();
  /// Gives those away that were held, the last first, and lets others pass again.
  void give_events_reversed();
  int events_held() const;
  /// Breaks the connections that events come by.
  void cut_events();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace opr::test
