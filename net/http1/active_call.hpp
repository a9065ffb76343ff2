#pragma once

#include "net/http_client.hpp"
#include "net/loop/deadline.hpp"
#include "net/loop/mailbox.hpp"

#include <boost/intrusive/list.hpp>

namespace opr::net {

class connection;
class pool;

using call_list_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// A call from `send` to `on_done`; stands between its pool, its connection and the caller's reader, and
/// makes sure that the reader hears of the end once. Keeps itself alive until then.
class active_call final : public call,
                          public addressee,
                          public response_reader,
                          private deadline,
                          public call_list_hook {
public:
  active_call(std::shared_ptr<pool> owner, outgoing request, std::shared_ptr<response_reader> reader);

  /// Any thread; once.
  void launch();
  void cancel() override { signal(cancelled); }
  void resume() override { signal(resumed); }

  // The rest is for the I/O thread.
  const outgoing& request() const noexcept { return request_; }
  bool is_over() const noexcept { return reader_ == nullptr; }
  /// Says which connection carries the call, so that the call closes it if it has to end early.
  void set_carrier(std::shared_ptr<connection> carrier) noexcept { carrier_ = std::move(carrier); }
  /// A connection has to be made for the call; from now on `connect_limit` counts.
  void connecting();
  /// A connection carries the call: what counts is its deadline.
  void connected();
  /// Asks the request's `stream` for its next piece.
  void pull();

  void on_head(response_head&& head) override;
  flow on_body(std::string_view piece) override;
  /// Ends the call; closes the connection that carries it. Nothing happens if it is over.
  void on_done(failure why) override;

private:
  enum : unsigned { launched = 1, cancelled = 2, resumed = 4, piece_ready = 8 };
  void on_signals(unsigned bits) override;
  void on_deadline() override;
  void begin();

  std::shared_ptr<pool> pool_;
  outgoing request_;
  std::shared_ptr<response_reader> reader_; ///< Empty once the call is over.
  std::shared_ptr<connection> carrier_;
  std::shared_ptr<addressee> self_; ///< While the call is under way.
  std::string piece_;               ///< Handed over by `piece_ready`.
  bool is_connecting_ = false;      ///< And the alarm is set for the connection.
};

} // namespace opr::net
