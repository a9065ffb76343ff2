#pragma once

#include "net/http1/active_call.hpp"
#include "net/http1/connection.hpp"
#include "net/loop/loop.hpp"
#include "net/tls/context.hpp"

#include <boost/intrusive/list.hpp>

#include <memory>
#include <string>
#include <vector>

namespace opr::net {

/// The connections to one server: those that rest and, through their calls, those at work. Lives as long as
/// somebody can send, or a call is under way. I/O thread only, but for its signals.
class pool final : public addressee, public resident, private deadline {
public:
  enum : unsigned {
    closed = 1,   ///< End everything.
    released = 2, ///< Nobody will send any more.
  };

  /// @param security What TLS connections have in common; nothing: they are plain.
  pool(loop& on, const address& where, std::shared_ptr<const tls_context> security);

  loop& shared() noexcept { return shared_; }
  const std::string& host() const noexcept { return host_; }
  const tls_context* security() const noexcept { return security_.get(); }

  /// Sends the call over the connection that has rested least, or a new one.
  void carry(active_call& what);
  /// The call is over.
  void forget(active_call& what);

  /// Keeps a connection for the next call.
  void park(std::shared_ptr<connection> free);
  /// Closes a resting connection.
  void drop(const connection& idle);

private:
  struct idle_link {
    std::shared_ptr<connection> link;
    time_point since;
  };

  void on_signals(unsigned bits) override;
  void on_stop() override { close(); }
  void on_deadline() override;
  void close();
  void close_resting();
  void connect_for(active_call& what);
  void leave_if_unused();

  loop& shared_;
  const std::string host_;
  const std::shared_ptr<const tls_context> security_;
  const std::shared_ptr<name_lookup> lookup_;
  std::vector<idle_link> resting_; ///< Who has rested longest comes first.
  boost::intrusive::list<active_call, boost::intrusive::constant_time_size<false>> calls_;
  bool is_closed_ = false;
  bool is_released_ = false;
};

} // namespace opr::net
