// Offers an executor more executions than a runtime can serve, at a fixed rate whatever comes back, and
// prints a table row for each multiple of what it can: `overload PORT KEY PID PATH CAPACITY SECONDS`.

#include "net/http_client.hpp"
#include "net/io_threads.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace opr;
using namespace std::chrono_literals;

constexpr int multiples[] = {1, 2, 5, 10};

/// What came of one load.
struct outcomes {
  std::mutex mutex;
  std::vector<double> accepted; ///< Milliseconds from when it was due to its answer.
  std::vector<double> refused;  ///< The same of those that got a 429.
  std::string wrong;            ///< Something that was neither.
  size_t under_way = 0;
};

double middle(std::vector<double> of, double share) {
  if (of.empty())
    return 0;
  std::sort(of.begin(), of.end());
  return of[static_cast<size_t>(static_cast<double>(of.size() - 1) * share)];
}

struct bench {
  uint16_t port;
  std::string key;
  std::string pid;
  std::string path;
  double capacity; ///< Executions per second.
  double seconds;  ///< Of one load.
  net::io_threads io{};
  std::unique_ptr<net::http_client> client = net::make_http_client(io);
  std::shared_ptr<net::upstream> executor = client->open({{}, "127.0.0.1", port});

  double peak_memory() const {
    std::ifstream status("/proc/" + pid + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.rfind("VmHWM:", 0) == 0)
        return std::stod(line.substr(6)) / 1024;
    throw std::runtime_error("no process " + pid);
  }

  void ask(const std::shared_ptr<outcomes>& into, time_point due) {
    net::outgoing request;
    request.method = "POST";
    request.target = path;
    request.headers = {{"authorization", "Bearer " + key},
                       {"accept", "application/json"},
                       {"content-type", "application/json"}};
    request.body = "{}";
    request.deadline = due + 20s;
    auto told = [into, due](const failure& why, const net::whole_response& answer) {
      const auto took = std::chrono::duration<double, std::milli>(clock::now() - due).count();
      std::lock_guard lock(into->mutex);
      --into->under_way;
      if (why.code != ec::none || (answer.head.status != 200 && answer.head.status != 429))
        into->wrong = "answer " + std::to_string(answer.head.status) + ": " + why.detail + answer.body;
      else
        (answer.head.status == 200 ? into->accepted : into->refused).push_back(took);
    };
    {
      std::lock_guard lock(into->mutex);
      ++into->under_way;
    }
    executor->send(std::move(request), net::collect(64 * 1024, std::move(told)));
  }

  static void await_all(const outcomes& load, std::mutex& mutex) {
    const auto until = clock::now() + 30s;
    for (;; std::this_thread::sleep_for(1ms)) {
      std::lock_guard lock(mutex);
      if (load.under_way == 0)
        return;
      if (clock::now() > until)
        throw std::runtime_error("not every request was answered");
    }
  }

  std::shared_ptr<outcomes> offer(double per_second) {
    auto all = std::make_shared<outcomes>();
    const auto begun = clock::now();
    const auto count = static_cast<size_t>(per_second * seconds);
    for (size_t i = 0; i < count; ++i) {
      const auto due = begun + std::chrono::duration_cast<clock::duration>(
                                   std::chrono::duration<double>(static_cast<double>(i) / per_second));
      std::this_thread::sleep_until(due); // Returns at once for those that are late already.
      ask(all, due);
    }
    await_all(*all, all->mutex);
    return all;
  }

  void run() {
    offer(capacity); // Warm.
    double peak = 0;
    for (const auto multiple : multiples) {
      const auto all = offer(capacity * multiple);
      if (!all->wrong.empty())
        throw std::runtime_error(all->wrong);
      const auto rate = static_cast<double>(all->accepted.size()) / seconds;
      peak = std::max(peak, rate);
      std::printf("| %d | %.0f | %.0f | %.2f | %.1f | %.0f | %.2f | %.2f | %.1f |\n", multiple,
                  capacity * multiple, rate, rate / peak, middle(all->accepted, 0.5),
                  static_cast<double>(all->refused.size()) / seconds, middle(all->refused, 0.5),
                  middle(all->refused, 0.99), peak_memory());
      std::fflush(stdout);
    }
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: overload PORT KEY PID PATH CAPACITY SECONDS\n");
    return 2;
  }
  try {
    bench{static_cast<uint16_t>(std::atoi(argv[1])),
          argv[2],
          argv[3],
          argv[4],
          std::atof(argv[5]),
          std::atof(argv[6])}
        .run();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "overload: %s\n", error.what());
    return 1;
  }
}
