#include "actors/executor/runtime_steps.hpp"
#include "core/random_id.hpp"
#include "core/utf8.hpp"

namespace opr {

namespace {

constexpr std::size_t marker_digits = 32;
constexpr std::chrono::seconds kill_limit{10};
constexpr std::string_view truncation_note = "\nCommand output has been truncated to 1,000,000 bytes.";

/// Kills all processes that have inherited the marker; again, as long as there are any: they may be just
/// forking.
constexpr std::string_view kill_script =
    "for pass in 1 2 3 4 5 6 7 8 9 10; do found=; for e in /proc/[0-9]*/environ; do "
    "if grep -q \"$0\" $e 2>/dev/null; then p=${e%/environ}; kill -9 ${p#/proc/} 2>/dev/null; found=1; fi; "
    "done; "
    "[ -n \"$found\" ] || break; done";

/// What a command under way needs to know, apart from the actor: its end comes on another thread.
struct command_job {
  services_ptr with;
  std::string container_id;
  std::string marker; ///< `NAME=value` in the environment of all its processes.
  command_ptr call;
  std::string output;
};
using shared_job = std::shared_ptr<command_job>;

std::string output_text(const std::string& output) {
  if (output.size() <= max_build_output)
    return to_utf8(output);
  return to_utf8(cut_utf8(output, max_build_output)).append(truncation_note);
}

void finish(const shared_job& job, result<std::string> how) {
  job->call->holds.served(job->with->now());
  job->call->reply.give(std::move(how));
}

/// The Engine leaves the processes of an exec that nobody waits for any more alone, so they are killed from
/// inside.
void kill(const shared_job& job) {
  job->with->engine.exec(
      job->container_id, {"sh", "-c", std::string(kill_script), job->marker}, job->with->now() + kill_limit,
      [](docker::stream, std::string_view) {},
      [job](const result<int>&) {
        finish(job, {ec::command_timeout, {}});
      });
}

void end(const shared_job& job, const result<int>& exit_code) {
  if (exit_code && *exit_code == 0)
    return finish(job, output_text(job->output));
  if (!exit_code && exit_code.error().code == ec::deadline_passed)
    return kill(job);
  auto text = output_text(job->output);
  if (!text.empty() && text.back() != '\n')
    text += '\n';
  text += exit_code ? "Command exited with code " + std::to_string(*exit_code) + "."
                    : "The command could not be run: " + exit_code.error().detail;
  finish(job, {ec::command_failed, std::move(text)});
}

} // namespace

void run_command(runtime_ptr self, command_ptr call) {
  auto& state = self->state;
  auto job = std::make_shared<command_job>();
  job->with = state.with;
  job->container_id = state.container_id;
  job->marker = "OPEN_RUNTIMES_COMMAND_ID=" + random_hex(marker_digits);
  auto shell = state.order.request.version == generation::v2 ? "sh" : "bash";
  std::vector<std::string> argv{"env", job->marker, shell, "-c", call->request.command};
  auto deadline = call->deadline;
  job->call = std::move(call);
  auto keep = [job](docker::stream, std::string_view piece) {
    if (job->output.size() <= max_build_output)
      job->output.append(piece.substr(0, max_build_output + 1 - job->output.size()));
  };
  state.with->engine.exec(state.container_id, argv, deadline, keep,
                          [job](const result<int>& exit_code) { end(job, exit_code); });
}

} // namespace opr
