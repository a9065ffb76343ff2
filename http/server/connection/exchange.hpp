#pragma once

#include "http/server/connection/body_stream.hpp"
#include "http/server/connection/channel.hpp"
#include "http/server/message.hpp"
#include "http/server/wire/response_head.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace opr::http {

/// One request and the answer to it, whole or in pieces: puts the answer into HTTP's form and on its channel.
/// Any thread. When it goes unanswered the client gets a 500; when it goes unfinished, a reset.
class exchange {
public:
  /// @param number What `channel::begin` gave for this answer.
  /// @param body Of a request that was handed over before it was whole: an answer that overtakes the rest of
  /// it is the connection's last.
  exchange(std::shared_ptr<channel> out, uint64_t number, request_facts asked,
           std::shared_ptr<const body_stream> body = nullptr);
  ~exchange();

  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  void hold(std::shared_ptr<void> what) { held_ = std::move(what); }
  void send(response answer);
  void start(response answer);
  void write(std::string piece);
  void finish();
  /// Answers with an error, as the connection's last; cuts the answer if it has begun.
  void refuse(response error);

  size_t pending() const { return out_->pending(number_); }
  void on_drained(std::function<void()> call) { out_->on_drained(number_, std::move(call)); }
  void on_gone(std::function<void()> call) { out_->on_gone(number_, std::move(call)); }
  bool gone() const { return out_->gone(); }

private:
  enum class stage : uint8_t { unanswered, starting, started, over };

  bool advance(stage from, stage to) noexcept { return at_.compare_exchange_strong(from, to); }
  void send_whole(response answer, bool close);
  void send_piece(std::string piece);
  bool closes_after() const;

  const std::shared_ptr<channel> out_;
  const uint64_t number_;
  const request_facts asked_;
  const std::shared_ptr<const body_stream> body_;
  std::shared_ptr<void> held_; ///< As long as somebody may still answer.
  std::atomic<stage> at_{stage::unanswered};
  // Of an answer in pieces; set before it is `started`.
  body_length length_ = body_length::chunked;
  bool has_body_ = true;
  bool closes_ = false;
  uint64_t left_ = 0; ///< Bytes of a promised length that didn't come yet.
};

/// The front end's answer to what it refuses itself, in the form that the server's options give it.
response error_answer(const front_end& front, int status, std::string_view why);

} // namespace opr::http
