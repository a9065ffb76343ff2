#include "net/http_client.hpp"

#include "net/http1/pool.hpp"

#include <utility>

namespace opr::net {

namespace {

/// The callers' end of a pool. The pool itself stays until its last call is over.
class pool_handle final : public upstream {
public:
  explicit pool_handle(std::shared_ptr<pool> held) : pool_(std::move(held)) {}
  ~pool_handle() override { pool_->signal(pool::released); }

  pool_handle(const pool_handle&) = delete;
  pool_handle& operator=(const pool_handle&) = delete;

  std::shared_ptr<call> send(outgoing request, std::shared_ptr<response_reader> reader) override {
    auto started = std::make_shared<active_call>(pool_, std::move(request), std::move(reader));
    started->launch();
    return started;
  }

  void close() override { pool_->signal(pool::closed); }

private:
  std::shared_ptr<pool> pool_;
};

class asio_client final : public http_client {
public:
  explicit asio_client(loop& shared) : shared_(shared) {}

  std::shared_ptr<upstream> open(address where) override {
    return std::make_shared<pool_handle>(std::make_shared<pool>(shared_, where));
  }

private:
  loop& shared_;
};

} // namespace

std::unique_ptr<http_client> make_http_client(io_thread& io) {
  return std::make_unique<asio_client>(io.shared());
}

} // namespace opr::net
