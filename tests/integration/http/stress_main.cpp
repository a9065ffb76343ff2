// Many clients ask for answers that carry their own id, answers are given by several threads after short
// random delays, whole or in pieces, and clients leave at any moment. No client may ever see what isn't its
// own.

#include "support/serving.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

namespace {

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

struct settings {
  std::chrono::seconds duration = 10s;
  uint64_t answers = UINT64_MAX; ///< Ends when that many are verified, if that is sooner.
  size_t clients = 48;
  size_t answering_threads = 4;
};

struct tally {
  std::atomic<uint64_t> verified{0};
  std::atomic<uint64_t> wrong{0};
  std::atomic<uint64_t> cut{0}; ///< Ended before they were whole though the client stayed.
  std::atomic<uint64_t> left{0};
  std::atomic<bool> stop{false};
};

uint32_t random_below(uint32_t bound) {
  thread_local std::minstd_rand engine(std::random_device{}());
  return std::uniform_int_distribution<uint32_t>(0, bound - 1)(engine);
}

/// A body that shows on each of its bytes whose it is.
std::string body_of(const std::string& id) {
  std::string out;
  const auto repeats = random_below(20) == 0 ? 20000 : 1 + random_below(20);
  for (uint32_t i = 0; i < repeats; ++i)
    out += id + ";";
  return out;
}

bool belongs_to(const std::string& body, const std::string& id) {
  const auto unit = id + ";";
  if (body.empty() || body.size() % unit.size() != 0)
    return false;
  for (size_t at = 0; at < body.size(); at += unit.size())
    if (body.compare(at, unit.size(), unit) != 0)
      return false;
  return true;
}

void give_in_pieces(later& threads, responder out, std::string rest) {
  const auto size = std::min<size_t>(rest.size(), 1 + random_below(static_cast<uint32_t>(64 + rest.size())));
  out.write(rest.substr(0, size));
  rest.erase(0, size);
  if (rest.empty())
    return out.finish();
  threads.run_in(std::chrono::microseconds(random_below(200)),
                 [&threads, out, rest = std::move(rest)]() mutable {
                   give_in_pieces(threads, std::move(out), std::move(rest));
                 });
}

void give(later& threads, responder out, const std::string& id) {
  if (random_below(4) > 0)
    return out.send(text(body_of(id)));
  out.start(text(""));
  give_in_pieces(threads, std::move(out), body_of(id));
}

handler serve(later& threads) {
  return [&threads](request&& asked, responder out) {
    const auto id = asked.target.substr(1);
    const auto way = random_below(8);
    if (way == 0)
      return give(threads, std::move(out), id);
    if (way == 1)
      out.on_gone([] {});
    threads.run_in(std::chrono::microseconds(random_below(2000)),
                   [&threads, out = std::move(out), id] { give(threads, out, id); });
  };
}

/// One connection's life: a few requests, pipelined at times, left at a random moment.
void be_a_client(uint16_t port, size_t number, uint64_t& serial, tally& counts) {
  client self(port);
  const auto requests = 1 + random_below(20);
  for (uint32_t done = 0; done < requests && !counts.stop;) {
    const auto together = std::min<uint32_t>(requests - done, random_below(4) == 0 ? 3 : 1);
    std::string wire;
    std::vector<std::string> ids;
    for (uint32_t i = 0; i < together; ++i) {
      ids.push_back(std::to_string(number) + "-" + std::to_string(++serial));
      wire += random_below(2) ? get("/" + ids.back())
                              : post(std::string(random_below(300), 'x'), "/" + ids.back());
    }
    const bool leaving = random_below(12) == 0;
    if (leaving && random_below(3) == 0)
      wire.resize(random_below(static_cast<uint32_t>(wire.size())));
    self.send(wire);
    if (leaving) {
      ++counts.left;
      std::this_thread::sleep_for(std::chrono::microseconds(random_below(2500)));
      if (random_below(2))
        self.reset();
      return;
    }
    for (const auto& id : ids) {
      const auto got = self.read();
      if (got.status == 0)
        return static_cast<void>(++counts.cut);
      ++(got.status == 200 && belongs_to(got.body, id) ? counts.verified : counts.wrong);
    }
    done += together;
  }
}

std::optional<settings> read_arguments(int count, char** arguments) {
  settings out;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const auto value = std::strtoull(arguments[i + 1], nullptr, 10);
    if (name == "--seconds")
      out.duration = std::chrono::seconds(value);
    else if (name == "--answers")
      out.answers = value;
    else if (name == "--clients")
      out.clients = value;
    else
      return {};
  }
  return count % 2 == 1 ? std::optional(out) : std::nullopt;
}

} // namespace

int main(int count, char** arguments) {
  const auto given = read_arguments(count, arguments);
  if (!given) {
    std::fprintf(stderr, "usage: http_stress [--seconds N] [--answers N] [--clients N]\n");
    return 2;
  }
  tally counts;
  size_t left_open = 0;
  {
    later threads(given->answering_threads);
    server front(loopback(), serve(threads));
    front.start();
    const auto descriptors = open_descriptors();
    std::vector<std::thread> clients;
    for (size_t number = 0; number < given->clients; ++number)
      clients.emplace_back([&, number] {
        for (uint64_t serial = 0; !counts.stop;)
          be_a_client(front.port(), number, serial, counts);
      });
    const auto end = std::chrono::steady_clock::now() + given->duration;
    while (std::chrono::steady_clock::now() < end && counts.verified < given->answers)
      std::this_thread::sleep_for(50ms);
    counts.stop = true;
    for (auto& each : clients)
      each.join();
    eventually([&] { return front.connections() == 0 && open_descriptors() <= descriptors; });
    left_open =
        front.connections() + (open_descriptors() > descriptors ? open_descriptors() - descriptors : 0);
  }
  std::printf("verified %llu answers, %llu wrong\n", static_cast<unsigned long long>(counts.verified),
              static_cast<unsigned long long>(counts.wrong));
  std::printf("%llu cut, %llu clients left early, %zu descriptors left open\n",
              static_cast<unsigned long long>(counts.cut), static_cast<unsigned long long>(counts.left),
              left_open);
  return counts.wrong == 0 && counts.cut == 0 && left_open == 0 && counts.verified > 0 ? 0 : 1;
}
