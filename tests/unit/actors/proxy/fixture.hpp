#pragma once

#include "actors/proxy/services.hpp"
#include "tests/unit/actors/fakes.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace opr::test {

/// Notes what it is told, as `verb executor …`.
class noting_store final : public state_store {
public:
  std::vector<std::string> told;
  std::map<std::string, executor_view> published;

  void publish(const std::string& executor, executor_view what) override {
    told.push_back("publish " + executor + (what.online ? " online" : " offline"));
    published[executor] = std::move(what);
  }
  void mark(const std::string& executor, const std::string& runtime_id, runtime_view what) override {
    told.push_back("mark " + executor + " " + runtime_id + (what.passes ? " pass" : " offline"));
  }
  void withdraw(const std::string& executor) override { told.push_back("withdraw " + executor); }
  std::string trouble() const override { return {}; }
};

/// One scripted server per address; the servers keep requests for the test to answer.
class scripted_servers final : public net::http_client {
public:
  std::map<std::string, std::shared_ptr<scripted_upstream>> by_address; ///< `host:port`; the newest one.

  std::shared_ptr<net::upstream> open(net::address where) override {
    auto made = std::make_shared<scripted_upstream>();
    by_address[where.host + ":" + std::to_string(where.port)] = made;
    return made;
  }
};

/// The balancer and its nodes on a deterministic scheduler in virtual time; everything outside is scripted.
class proxy_fixture {
public:
  scripted_servers http;
  noting_store store;
  std::vector<fault> faults;
  struct question {
    std::string host;
    then<std::vector<std::string>> found;
  };
  std::deque<question> questions; ///< Of names, for the test to answer.

  proxy_fixture();
  ~proxy_fixture();
  proxy_fixture(const proxy_fixture&) = delete;
  proxy_fixture& operator=(const proxy_fixture&) = delete;

  /// What the next `start` goes by.
  proxy_policy policy;
  void start(const std::vector<std::string>& executors);

  void run();
  void pass(clock::duration time);
  time_point now() const;

  /// The names of all executors, in their order.
  std::vector<std::string> names() const;
  const node_link& link(const std::string& name) const;
  const fleet_member& member(const std::string& name) const;
  /// Health checks that wait for an answer.
  std::size_t asked(const std::string& address) const;
  /// The oldest health check at that address is answered.
  void answer(const std::string& address, int status, const std::string& body);
  void fail(const std::string& address, ec code);
  void pass_health(const std::string& address) { answer(address, 200, R"({"status": "pass"})"); }
  /// The oldest question for a name is answered.
  void resolved(const std::vector<std::string>& addresses);
  void not_resolved();
  /// What other proxies have written is read anew.
  void share(executors_view view);
  /// Whether somebody who waits since now for the first round has been told.
  std::shared_ptr<bool> await_ready();

  proxy_services_ptr services() const { return services_; }

private:
  scripted_upstream::sent take(const std::string& address);

  fleet_ptr executors() const { return services_->executors.read(); }

  struct actors; // Kept out of here: CAF's templates make every file that sees them slow to compile.
  proxy_services_ptr services_;
  std::unique_ptr<actors> actors_;
};

} // namespace opr::test
