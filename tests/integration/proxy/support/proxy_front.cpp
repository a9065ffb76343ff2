#include "proxy_front.hpp"

#include "actors/proxy/memory_store.hpp"
#include "http/proxy/answers.hpp"
#include "http/proxy/proxy_api.hpp"

#include <limits>
#include <utility>

namespace opr::test {

class proxy_front::noting_store : public state_store {
public:
  void publish(const std::string&, executor_view) override {}
  void mark(const std::string&, const std::string&, runtime_view) override {}
  void withdraw(const std::string&) override {}
  std::string trouble() const override { return "the state is away"; }
};

proxy_front::proxy_front(const std::vector<net::address>& executors,
                         const std::function<void(http::proxy_context&)>& change)
    : store_(std::make_unique<noting_store>()) {
  services_.reset(new proxy_services{*http_,
                                     *store_,
                                     [this](fault what) {
                                       std::lock_guard lock{mutex_};
                                       faults_.push_back(std::move(what));
                                     },
                                     {},
                                     [] { return clock::now(); },
                                     {},
                                     {}});
  auto made = std::make_shared<fleet>();
  for (const auto& where : executors) {
    auto name = name_of(where.host, where.port);
    made->push_back(
        {std::make_shared<node_link>(name, http_->open(where), true), [](const failure&) {}, [] {}});
  }
  fleet_ = made;
  services_->executors.publish(made);

  auto context = std::make_shared<http::proxy_context>();
  context->secret = proxy_key;
  context->authorization = std::string("Bearer ") + executor_key;
  context->version = "1.2.3";
  context->by = algorithm::first;
  context->with = services_;
  if (change)
    change(*context);
  http::server_options options;
  options.address = "127.0.0.1";
  options.stream_bodies = true;
  options.max_body_bytes = std::numeric_limits<int64_t>::max();
  options.error_page = [](int status, std::string_view why) {
    return http::proxy_error(status, why, "1.2.3");
  };
  http::proxy_context_ptr with = context;
  front_ = std::make_unique<http::server>(
      options,
      [with](http::request&& in, http::responder out) {
        http::handle_proxied(with, std::move(in), std::move(out));
      },
      io_);
  front_->start();
}

proxy_front::~proxy_front() {
  front_.reset();
  io_.stop();
}

std::vector<fault> proxy_front::faults() const {
  std::lock_guard lock{mutex_};
  return faults_;
}

std::string keyed(const std::string& method, const std::string& target, const std::string& fields,
                  const std::string& body) {
  auto wire = method + " " + target + " HTTP/1.1\r\nHost: callers.example\r\nAuthorization: Bearer " +
              proxy_key + "\r\n" + fields;
  if (!body.empty())
    wire += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return wire + "\r\n" + body;
}

net::address nobody() {
  net::address where;
  bind_free_port(where, -1);
  return where;
}

} // namespace opr::test
