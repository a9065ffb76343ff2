#include "net/http_client.hpp"

#include "net/http1/pool.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace opr::net {

namespace {

/// The callers' end of the pools of one server, a pool for each I/O thread. The pools themselves stay until
/// their last calls are over.
class pools_handle final : public upstream {
public:
  explicit pools_handle(std::vector<std::shared_ptr<pool>> held) : pools_(std::move(held)) {}
  ~pools_handle() override { tell_all(pool::released); }

  pools_handle(const pools_handle&) = delete;
  pools_handle& operator=(const pools_handle&) = delete;

  std::shared_ptr<call> send(outgoing request, std::shared_ptr<response_reader> reader) override {
    const auto& here = pools_[std::min(io_threads::current(), pools_.size() - 1)];
    auto started = std::make_shared<active_call>(here, std::move(request), std::move(reader));
    started->launch();
    return started;
  }

  void close() override { tell_all(pool::closed); }

private:
  void tell_all(unsigned signal) {
    for (const auto& each : pools_)
      each->signal(signal);
  }

  std::vector<std::shared_ptr<pool>> pools_;
};

class asio_client final : public http_client {
public:
  explicit asio_client(io_threads& io) : io_(io) {}

  std::shared_ptr<upstream> open(address where) override {
    std::vector<std::shared_ptr<pool>> made;
    auto security = tls_context_of(where);
    for (size_t i = 0; i < io_.count(); ++i)
      made.push_back(std::make_shared<pool>(io_.shared(i), where, security));
    return std::make_shared<pools_handle>(std::move(made));
  }

private:
  io_threads& io_;
};

} // namespace

std::unique_ptr<http_client> make_http_client(io_threads& io) { return std::make_unique<asio_client>(io); }

} // namespace opr::net
