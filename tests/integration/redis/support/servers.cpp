#include "tests/integration/redis/support/servers.hpp"

#include "actors/proxy/redis/slot_map.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace opr::test {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

uint16_t free_port() {
  descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (bind(socket.get(), reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      getsockname(socket.get(), reinterpret_cast<sockaddr*>(&here), &size) != 0)
    throw std::runtime_error("no port is free");
  return ntohs(here.sin_port);
}

std::string plain(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER)
    return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY)
    return std::string(redis::text_of(reply));
  std::string all;
  for (std::size_t i = 0; i < reply.elements; ++i)
    all += (i == 0 ? "" : " ") + plain(*reply.element[i]);
  return all;
}

template <class F>
void wait_until(const char* what, F is_so) {
  auto deadline = opr::clock::now() + patience;
  while (!is_so()) {
    if (opr::clock::now() > deadline)
      throw std::runtime_error(std::string("it took too long until ") + what);
    std::this_thread::sleep_for(20ms);
  }
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

redis_server::redis_server(std::vector<std::string> options)
    : where_{"127.0.0.1", free_port()}, options_(std::move(options)) {
  start();
}

void redis_server::start() {
  std::vector<std::string> arguments{"--port",       std::to_string(where_.port),
                                     "--bind",       "127.0.0.1",
                                     "--logfile",    "/dev/stderr",
                                     "--save",       "",
                                     "--appendonly", "no",
                                     "--dir",        dir_.path().string()};
  arguments.insert(arguments.end(), options_.begin(), options_.end());
  program_.reset();
  program_ = std::make_unique<process>(program{"/usr/bin/redis-server", arguments}, dir_.path() / "log");
  program_->wait_for_line("Ready to accept connections", patience);
}

void redis_server::kill() {
  program_->send(SIGKILL);
  program_->wait_for_exit(patience);
}

std::string redis_server::run(const redis::words& command) const {
  auto to = redis::connection::open(where_, {});
  if (!to)
    throw std::runtime_error(to.error().detail);
  std::string answer;
  bool is_error = false;
  auto ran = (*to)->run({&command}, [&](const redis::reply_ptr& reply) {
    answer = plain(*reply);
    is_error = redis::is_error(*reply);
  });
  if (!ran || is_error)
    throw std::runtime_error(command.front() + ": " + (ran ? answer : ran.error().detail));
  return answer;
}

redis_cluster::redis_cluster() {
  constexpr int masters = 3;
  constexpr unsigned share = 16384 / masters + 1;
  for (int i = 0; i < masters + 1; ++i)
    servers_.push_back(std::make_unique<redis_server>(std::vector<std::string>{
        "--cluster-enabled", "yes", "--cluster-port", std::to_string(free_port()), "--cluster-node-timeout",
        "1000", "--cluster-replica-validity-factor", "0"}));
  for (int i = 0; i < masters; ++i)
    servers_[i]->run({"CLUSTER", "ADDSLOTSRANGE", std::to_string(i * share),
                      std::to_string(std::min((i + 1) * share - 1, 16383U))});
  int epoch = 0;
  for (const auto& server : servers_) {
    server->run({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(++epoch)});
    auto bus = server->run({"CONFIG", "GET", "cluster-port"});
    servers_.front()->run({"CLUSTER", "MEET", "127.0.0.1", std::to_string(server->where().port),
                           bus.substr(bus.find(' ') + 1)});
  }
  for (const auto& server : servers_)
    wait_until("the cluster is whole", [&] {
      auto state = server->run({"CLUSTER", "INFO"});
      return has(state, "cluster_state:ok") && has(state, "cluster_known_nodes:4");
    });
}

redis_server& redis_cluster::owner(uint16_t slot) {
  const redis::words question{"CLUSTER", "SLOTS"};
  for (const auto& server : servers_) {
    redis::slot_map map;
    auto to = redis::connection::open(server->where(), {});
    if (to &&
        (*to)->run({&question}, [&](const redis::reply_ptr& reply) { map.learn(*reply, server->where()); }) &&
        map.owner(slot) == server->where())
      return *server;
  }
  throw std::runtime_error("nobody has the slot");
}

redis_server& redis_cluster::other_than(const redis_server& one) {
  return servers_[0].get() == &one ? *servers_[1] : *servers_[0];
}

redis_server& redis_cluster::replicate(uint16_t slot) {
  auto& replica = *servers_.back();
  replica.run({"CLUSTER", "REPLICATE", owner(slot).run({"CLUSTER", "MYID"})});
  wait_until("the replica follows", [&] { return has(replica.run({"ROLE"}), "connected"); });
  return replica;
}

void redis_cluster::move(uint16_t slot, redis_server& to) {
  auto& from = owner(slot);
  auto number = std::to_string(slot);
  auto from_id = from.run({"CLUSTER", "MYID"});
  auto to_id = to.run({"CLUSTER", "MYID"});
  to.run({"CLUSTER", "SETSLOT", number, "IMPORTING", from_id});
  from.run({"CLUSTER", "SETSLOT", number, "MIGRATING", to_id});
  for (std::string key; !(key = from.run({"CLUSTER", "GETKEYSINSLOT", number, "1"})).empty();)
    from.run({"MIGRATE", "127.0.0.1", std::to_string(to.where().port), key, "0", "1000"});
  for (const auto& server : servers_)
    if (!has(server->run({"ROLE"}), "slave"))
      server->run({"CLUSTER", "SETSLOT", number, "NODE", to_id});
}

std::string redis_cluster::dsn(const redis_server& first) const {
  auto text = "redis-cluster://[" + to_string(first.where());
  for (std::size_t i = 0; i + 1 < servers_.size(); ++i)
    if (servers_[i].get() != &first)
      text += ";" + to_string(servers_[i]->where());
  return text + "]";
}

} // namespace opr::test
