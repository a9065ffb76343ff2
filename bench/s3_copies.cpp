// s3_copies [MB] [swift]: an archive through S3 both ways, beside curl with the same server, s3rver or Swift;
// what it takes of memory; and what a cached archive costs a cold start. Prints the rows of the table in
// README.md.

#include "storage/cache/device.hpp"
#include "storage/dsn.hpp"
#include "storage/s3/device.hpp"
#include "tests/support/s3_server.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

using namespace opr;
using namespace opr::storage;
using namespace std::chrono_literals;

using seconds = std::chrono::duration<double>;

/// Waits for what a storage does. @returns How long it took. @throws std::runtime_error
template <class Outcome, class Begin>
double time_of(Begin begin) {
  auto started = clock::now();
  std::promise<result<Outcome>> told;
  begin([&](result<Outcome> one) { told.set_value(std::move(one)); });
  auto outcome = told.get_future().get();
  if (!outcome)
    throw std::runtime_error(outcome.error().detail);
  return seconds(clock::now() - started).count();
}

/// The same of a copy: what was written before is on the disk when its time begins.
template <class Outcome, class Begin>
double time_of_copy(Begin begin) {
  ::sync();
  return time_of<Outcome>(std::move(begin));
}

/// The same of a command that copies.
double time_of_shell(const std::string& line) {
  ::sync();
  auto started = clock::now();
  if (std::system(line.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): nothing else runs commands
    throw std::runtime_error("this failed: " + line);
  return seconds(clock::now() - started).count();
}

/// The most that this process has had in memory, in MB.
double peak_memory() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("VmHWM:", 0) == 0)
      return std::stod(line.substr(6)) / 1024;
  return 0;
}

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

struct copy_times {
  std::vector<double> ours;
  std::vector<double> curls;
};

struct bench {
  explicit bench(test::s3_kind kind) : server(kind) {}

  test::temp_dir folder;
  test::s3_server server;
  net::io_threads io{2};
  workers pool{4};
  std::unique_ptr<net::http_client> http = net::make_http_client(io);

  std::string at(const std::string& name) const { return (folder.path() / name).string(); }
  std::unique_ptr<device> open(const std::string& parameters = {}) {
    auto place = std::get<s3_place>(*parse_dsn(server.dsn() + parameters));
    return make_s3_device(*http, io, pool, place);
  }

  std::string curl(const std::string& arguments) const {
    return "curl --silent --fail --aws-sigv4 aws:amz:us-east-1:s3 --header 'x-amz-content-sha256: "
           "UNSIGNED-PAYLOAD' " +
           server.url() + "/bucket/" + arguments;
  }
  /// A command that stores the file `made` as curl would, in parts like ours, which it makes before.
  std::string curl_in_parts(const upload_rules& rules) const {
    time_of_shell("mkdir " + at("parts") + " && split --numeric-suffixes=1 --suffix-length=4 --bytes=" +
                  std::to_string(rules.part_size) + " " + at("made") + " " + at("parts") + "/");
    return OPR_SOURCE_DIR "/bench/s3_parts " + server.url() + "/bucket/parts " + at("parts") + " " +
           std::to_string(rules.parts_at_once);
  }

  static time_point soon() { return clock::now() + 600s; }

  /// Times a download, after the same one by the same program, which is removed: a machine that gives free
  /// memory back to its host writes a file several times faster into memory that was in use a moment before,
  /// and whether a program finds that depends on who wrote there.
  template <class Copy>
  double time_of_second(const std::string& name, Copy copy) const {
    copy();
    time_of_shell("rm " + at(name));
    auto took = copy();
    time_of_shell("cmp " + at(name) + " " + at("made") + " && rm " + at(name));
    return took;
  }

  /// Reads an object by ours and by curl.
  void download(device& bucket, copy_times& times) {
    times.ours.push_back(time_of_second("ours", [&] {
      return time_of_copy<done>([&](auto end) { bucket.fetch("ours", at("ours"), soon(), std::move(end)); });
    }));
    times.curls.push_back(
        time_of_second("curls", [&] { return time_of_shell(curl("ours --output " + at("curls"))); }));
  }

  void copies(int megabytes) {
    time_of_shell("head -c " + std::to_string(megabytes) + "M /dev/urandom > " + at("made"));
    auto in_parts = open("&multipart_threshold=5");
    auto in_parts_by_curl = curl_in_parts({});
    auto whole = open("&multipart_threshold=5120");
    std::vector<double> up;
    std::vector<double> up_whole;
    std::vector<double> curl_up;
    std::vector<double> curl_up_whole;
    auto without_sums = open("&etag=opaque"); // like curl
    copy_times summed;
    copy_times unsummed;
    for (int i = 0; i < 5; ++i) {
      curl_up_whole.push_back(
          time_of_shell(curl("curl --upload-file " + at("made") + " --output /dev/null")));
      up_whole.push_back(time_of_copy<uint64_t>(
          [&](auto end) { whole->store(at("made"), "ours", soon(), std::move(end)); }));
      curl_up.push_back(time_of_shell(in_parts_by_curl));
      up.push_back(time_of_copy<uint64_t>(
          [&](auto end) { in_parts->store(at("made"), "parts", soon(), std::move(end)); }));
      download(*whole, summed);
      download(*without_sums, unsummed);
    }
    auto say = [megabytes](const char* name, double ours, double curls) {
      std::printf("| %s of %d MB | curl %.0f MB/s | ours %.0f MB/s | %.2f of curl |\n", name, megabytes,
                  megabytes / curls, megabytes / ours, curls / ours);
    };
    say("upload in parts, as curl in parts,", median(up), median(curl_up));
    say("upload in parts, as curl in one request,", median(up), median(curl_up_whole));
    say("upload in one request", median(up_whole), median(curl_up_whole));
    say("download without comparing MD5 sums", median(unsummed.ours), median(unsummed.curls));
    say("download", median(summed.ours), median(summed.curls));
    std::printf("| highest resident memory with both | | %.1f MB | |\n", peak_memory());
  }

  /// Of an object that lies in the cache, beside what the server alone takes to say that it's unchanged.
  void cached_start() {
    time_of_shell("head -c 5M /dev/urandom > " + at("archive"));
    auto bucket = open();
    time_of<uint64_t>([&](auto end) { bucket->store(at("archive"), "archive", soon(), std::move(end)); });
    std::string version;
    auto ask = [&] {
      return time_of<fetched>([&](auto end) {
        bucket->fetch_if_changed("archive", version, at("got"), soon(), [&, end](result<fetched> got) {
          if (got && !got->is_unchanged)
            version = got->version;
          end(std::move(got));
        });
      });
    };
    ask();
    auto cached = make_cached_device(open(), *cache_folder::open(at("cache")), {1U << 30U}, pool);
    auto fetch = [&, i = 0]() mutable {
      auto to = at("got-" + std::to_string(i++));
      return time_of<done>([&](auto end) { cached->fetch("archive", to, soon(), std::move(end)); });
    };
    auto first = fetch();
    std::vector<double> asked(31);
    std::vector<double> again(asked.size());
    for (size_t i = 0; i < asked.size(); ++i) {
      asked[i] = ask();
      again[i] = fetch();
    }
    std::printf("| archive of 5 MB for a cold start | server's 304 alone %.1f ms | cached %.1f ms | first "
                "%.1f ms |\n",
                median(asked) * 1000, median(again) * 1000, first * 1000);
  }
};

} // namespace

int main(int argc, char** argv) {
  try {
    bench one(argc > 2 && argv[2] == std::string_view("swift") ? test::s3_kind::swift
                                                               : test::s3_kind::s3rver);
    one.copies(argc > 1 ? std::atoi(argv[1]) : 1024);
    one.cached_start();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "s3_copies: %s\n", error.what());
    return 1;
  }
}
