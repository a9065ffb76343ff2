#pragma once

#include "core/clock.hpp"
#include "http/server/connection/body_stream.hpp"
#include "http/server/connection/channel.hpp"
#include "http/server/wire/request_reader.hpp"
#include "net/loop/loop.hpp"

#include <memory>
#include <string_view>

namespace opr::http {

class exchange;

/// The reading side of a connection: takes requests out of what comes in, hands them to the server's handler
/// one at a time, and keeps the time limits. Lives on one I/O thread alone; the sending side is its
/// `channel`.
class connection final : public std::enable_shared_from_this<connection>, private net::watcher {
public:
  /// @param thread The I/O thread, which is the caller's.
  /// @param reading,writing Two descriptors of the client's socket; owned from here on.
  static std::shared_ptr<connection> make(std::shared_ptr<front_end> front, size_t thread, int reading,
                                          int writing);
  connection(std::shared_ptr<front_end> front, size_t thread);
  ~connection() override;

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Answers with an error and closes; what still comes is thrown away.
  void refuse(int status, std::string_view why);
  void check_deadline(time_point now);
  /// When the front end begins to drain: closes, now or once nothing is owed to the client any more.
  void drain();
  /// Closes, whatever is under way.
  void abort();
  /// Nothing is left to do: it can be forgotten.
  bool finished() const { return input_over_ && out_->look(false) == channel::state::closed; }

private:
  enum class phase : uint8_t {
    reading,
    answering, ///< A request is out with the handler, or its answer wasn't seen to be out.
    lingering  ///< The last answer is given; what still comes is thrown away.
  };
  using stage = request_reader::stage;

  void on_ready(net::readable_writable what) override;
  void read();
  void read_later();
  bool read_once();
  void receive(std::string_view bytes);
  void input_over();
  void stop_reading();
  void advance();
  bool serve();
  void hand_over();
  void hand_over_head();
  void receive_body();
  void refuse_body(int status, std::string_view why);
  void body_wanted();
  void end_body(bool whole);
  bool answered(bool tell);
  void resume();
  void rest();
  void discard(size_t bytes);
  std::chrono::milliseconds limit(stage at) const;

  const std::shared_ptr<front_end> front_;
  const size_t thread_;
  net::loop& loop_; ///< The thread's.
  std::shared_ptr<channel> out_;
  request_reader reader_;
  int descriptor_ = -1; ///< Of the reading side.
  net::readiness::ticket ticket_ = 0;
  bool has_ended_ = false; ///< The client has told that it sends no more; there may still be input.
  phase phase_ = phase::reading;
  std::shared_ptr<body_stream> body_; ///< Of a request that was handed over, as long as it isn't whole.
  std::weak_ptr<exchange> asked_;     ///< Its answer.
  bool is_body_paused_ = false;       ///< Nobody takes more of it now: nothing is read.
  bool input_over_ = false;
  stage resting_ = stage::complete; ///< The stage that `deadline_` belongs to; `complete`: none.
  time_point deadline_;
  size_t discarded_ = 0;
};

} // namespace opr::http
