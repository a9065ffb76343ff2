#include "actors/executor/build_cache.hpp"
#include "actors/executor/runtime_steps.hpp"
#include "core/random_id.hpp"
#include "storage/untrusted_file.hpp"

#include <utility>

namespace opr {

namespace {

constexpr std::chrono::seconds store_limit{600};
constexpr std::chrono::seconds inspect_limit{5};
constexpr std::size_t unique_digits = 32;

/// Of `script`'s files at most this much is read: all the output that is passed on, with the first line.
constexpr std::size_t max_log_file = max_build_output + 4096;
constexpr std::size_t max_timings_file = 4 * 1024 * 1024;

/// What the end of a build needs to know, apart from the actor: it runs on other threads.
struct collection {
  runtime_actor me;
  services_ptr with;
  runtime_request request;
  runtime_folders folders;
  build_end ended;
  wall_clock::time_point started;
  std::string exec_output;   ///< What the command wrote, for generations without log files.
  log_tail_actor log;        ///< Set if somebody follows.
  std::string cache_warning; ///< Of the cache that was to be restored.
  std::shared_ptr<created_runtime> made = std::make_shared<created_runtime>();
};
using shared_collection = std::shared_ptr<collection>;

std::string file_text(const std::string& folder, const char* name, std::size_t most) {
  auto read = storage::read_untrusted(folder, name, most);
  return read ? std::move(read->bytes) : std::string{};
}

/// The build's output, which also ends what its followers get.
std::vector<log_entry> read_output(const collection& job) {
  if (!logs_to_files(job.request))
    return plain_log(job.exec_output, wall_clock::now());
  auto files = read_script_files(job.folders.logging());
  auto entries = parse_script_files(*files, job.started);
  if (job.log)
    caf::anon_send(job.log, atom::stop_v, log_piece{std::move(files), false});
  return entries;
}

void finish(const shared_collection& job) {
  auto on = job->request.remove_when_done ? event::finished : event::collected;
  caf::anon_send(job->me, report{on, {}, {}, job->made});
}

void fail(const shared_collection& job, const std::string& how) {
  caf::anon_send(
      job->me, report{event::failed, {ec::build_failed, build_failure(job->made->output, how)}, {}, nullptr});
}

/// How a build that was no success ended, in words.
std::string ending(const collection& job) {
  if (!job.ended.how.empty())
    return job.ended.how;
  if (job.made->output.empty())
    return "Build command failed.";
  return "Build command exited with code " + std::to_string(job.ended.exit_code) + ".";
}

void store(const shared_collection& job) {
  constexpr auto archive = "code.tar.gz";
  auto destination = job->request.destination;
  if (destination.back() != '/')
    destination += '/';
  auto path = destination + random_hex(unique_digits) + ".gz";
  job->with->storage.store(job->folders.build() + "/" + archive, path, job->with->now() + store_limit,
                           [job, path](result<uint64_t> size) {
                             if (size) {
                               job->made->path = path;
                               job->made->size = *size;
                               return finish(job);
                             }
                             auto missing = size.error().code == ec::source_not_found;
                             fail(job, missing ? "The build left no archive code.tar.gz behind."
                                               : "The build could not be stored: " + size.error().detail);
                           });
}

void warn_of_cache(collection& job, const std::string& warning) {
  if (!warning.empty())
    job.made->output.push_back({iso8601(wall_clock::now()), cache_warning_line(warning)});
}

void store_archive(const shared_collection& job) {
  job->request.destination.empty() ? finish(job) : store(job);
}

void collect(const shared_collection& job) {
  job->made->output = read_output(*job);
  warn_of_cache(*job, job->cache_warning);
  if (!job->ended.how.empty() || job->ended.exit_code != 0)
    return fail(job, ending(*job));
  if (!has_build_cache(job->request, purpose::create))
    return store_archive(job);
  store_build_cache(job->with, job->request.cache_key, job->folders, [job](const std::string& warning) {
    warn_of_cache(*job, warning);
    store_archive(job);
  });
}

std::string timed_out(const runtime_request& request) {
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(request.build_timeout).count();
  return "Build command timed out after " + std::to_string(seconds) + " seconds.";
}

/// A command that failed, or couldn't be run or followed, may have done so because its container died: that
/// is what the client should hear.
void report_failed_end(const runtime_actor& me, const services_ptr& with, const std::string& container_id,
                       uint64_t memory_mb, build_end end) {
  auto inspected = [=](const result<docker::container_state>& found) mutable {
    if (found && !found->running)
      end.how = describe_death({{}, container_id, found->exit_code, found->oom_killed}, memory_mb);
    caf::anon_send(me, std::move(end));
  };
  with->engine.inspect_container(container_id, with->now() + inspect_limit, inspected);
}

} // namespace

std::shared_ptr<script_files> read_script_files(const std::string& folder) {
  return std::make_shared<script_files>(script_files{file_text(folder, "logs.txt", max_log_file),
                                                     file_text(folder, "timings.txt", max_timings_file)});
}

void run_build(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  const auto& request = state.order.request;
  state.build_started = wall_clock::now();
  state.exec_output = std::make_shared<std::string>();
  auto keep = [output = state.exec_output, wanted = !logs_to_files(request)](docker::stream,
                                                                             std::string_view piece) {
    if (wanted && output->size() <= max_build_output)
      output->append(piece.substr(0, max_build_output + 1 - output->size()));
  };
  auto ended = [me, late = timed_out(request), with = state.with, id = state.container_id,
                memory = request.memory_mb](result<int> exit_code) {
    if (exit_code && *exit_code == 0)
      return caf::anon_send(me, build_end{});
    if (!exit_code && exit_code.error().code == ec::deadline_passed)
      return caf::anon_send(me, build_end{0, late});
    auto end = exit_code ? build_end{*exit_code, {}}
                         : build_end{0, "Build command failed: " + exit_code.error().detail};
    report_failed_end(me, with, id, memory, std::move(end));
  };
  state.build = state.with->engine.exec(state.container_id, build_argv(request),
                                        state.with->now() + request.build_timeout, keep, ended);
}

void collect_build(runtime_ptr self) {
  auto& state = self->state;
  auto job = std::make_shared<collection>(
      collection{self, state.with, state.order.request, state.order.container.folders, *state.ended,
                 state.build_started, std::move(*state.exec_output), state.log, *state.cache_warning});
  state.with->run_blocking([job] { collect(job); });
}

} // namespace opr
