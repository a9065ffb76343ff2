#pragma once

#include "core/generation.hpp"
#include "core/header_list.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr {

using variable_list = std::vector<std::pair<std::string, std::string>>;

/// What a runtime is made from, and what to do with it first. Validated.
struct runtime_request {
  std::string runtime_id;
  std::string image;
  std::string entrypoint;       ///< The user's code file.
  std::string source;           ///< Storage path of the code archive; empty: none.
  std::string destination;      ///< Storage folder for the build archive; empty: nothing is built.
  std::string output_directory; ///< Inside the build; empty: all of it.
  variable_list variables;
  std::string runtime_entrypoint;    ///< Shell line that starts the container; empty: see `plan_container`.
  std::string command;               ///< Shell line run in the started container; empty: no build.
  std::vector<std::string> commands; ///< First generation: argv run instead of `command`.
  std::string workdir;   ///< First generation: the container's working directory; empty: the image's.
  std::string cache_key; ///< Of the shared build cache; empty: none.
  std::chrono::milliseconds build_timeout{600000};
  bool remove_when_done = false;
  double cpus = 1;          ///< 0: no limit.
  uint64_t memory_mb = 512; ///< 0: no limit.
  unsigned concurrency = 0; ///< Executions that it serves at once, the others wait; 0: any number.
  generation version = generation::v5;
  std::string restart_policy = "no";
};

/// A piece of a build's output as it came.
struct log_entry {
  std::string timestamp; ///< ISO-8601, see `iso8601`.
  std::string content;   ///< Valid UTF-8.
};

/// What a build or a plain create has brought about.
struct created_runtime {
  std::vector<log_entry> output;
  double start_time = 0; ///< Unix seconds.
  double duration = 0;   ///< Seconds.
  std::string path;      ///< Where the build archive went; empty: nothing was built.
  uint64_t size = 0;     ///< Its bytes.
};

/// One HTTP request for a function.
struct execution_request {
  std::shared_ptr<const std::string> buffer; ///< Keeps `body` alive.
  std::string_view body;
  std::string method = "POST";
  std::string path = "/"; ///< With its query; starts with `/`.
  header_list headers;
  bool logging = true;
  std::chrono::milliseconds timeout{15000};
  runtime_request runtime; ///< Used when it has to be created: possible if image and source are set.
};

/// A shell command to run in a live runtime.
struct command_request {
  std::string runtime_id;
  std::string command;
  std::chrono::milliseconds timeout{600000};
};

/// What the function answered.
struct execution_result {
  int status_code = 500;
  header_list headers; ///< Lower-case names, without the runtime's own.
  std::string body;
  std::string logs;
  std::string errors;
  double duration = 0;   ///< Seconds from the runtime's start, or the request's if that was later.
  double start_time = 0; ///< Unix seconds.
};

/// What the health tells: processor time used, in percent of what could be used; kept up to date in the
/// background.
struct usage_figures {
  double host = 0;                                            ///< 0 to 100.
  std::vector<std::pair<std::string, double>> runtimes;       ///< Runtime id → 0 to 100.
  std::vector<std::pair<std::string, uint64_t>> refused = {}; ///< Limit → how often it refused something.
};

/// A runtime as the API lists it.
struct runtime_facts {
  std::string runtime_id;
  std::string name;     ///< The container's.
  std::string hostname; ///< The container's.
  std::string image;
  std::string version;
  std::string status = "pending"; ///< Then `Up 1.23s`.
  double created = 0;             ///< Unix seconds.
  double updated = 0;             ///< Unix seconds, last execution.
  bool listening = false;
  bool initialised = false;
  unsigned in_flight = 0;
};

} // namespace opr
