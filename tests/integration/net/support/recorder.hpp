#pragma once

#include "net/http_client.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

namespace opr::test {

/// The longest that a test waits for anything: enough for a busy machine under a sanitizer.
inline constexpr auto patience = std::chrono::seconds(30);

/// Records what an answer's reader is told, for other threads to wait for. No wait is longer than `patience`:
/// a wait that does throws.
class recorder final : public net::response_reader {
public:
  /// Says what to answer to each piece; called on the I/O thread.
  std::function<net::flow(std::string_view)> on_piece;
  std::function<void()> on_head_told;
  std::function<void()> on_end;

  void on_head(net::response_head&& head) override;
  net::flow on_body(std::string_view piece) override;
  void on_done(failure why) override;

  /// Waits for the call's end. @returns How it ended.
  failure wait();
  void wait_for_head();
  void wait_for_body(size_t at_least);

  bool is_done() const;
  int ends() const; ///< How often the end was told.
  int status() const;
  net::response_head head() const;
  std::string body() const;
  bool was_told_after_end() const;

private:
  template <class Predicate>
  void wait_until(Predicate what, const char* name);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  net::response_head head_;
  bool has_head_ = false;
  std::string body_;
  failure why_;
  int ends_ = 0;
  bool told_after_end_ = false;
};

/// An I/O thread with a client, and calls on it.
struct client_fixture {
  net::io_threads io;
  std::unique_ptr<net::http_client> http = net::make_http_client(io);

  /// A GET, or a POST of that body, with a deadline before the test's patience ends.
  static net::outgoing request(std::string_view body = {});
};

/// Sends a request and waits for its end.
std::shared_ptr<recorder> exchange(net::upstream& with, net::outgoing what = client_fixture::request());

} // namespace opr::test
