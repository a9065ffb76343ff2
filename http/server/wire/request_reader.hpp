#pragma once

#include "http/server/message.hpp"
#include "http/server/wire/head_scanner.hpp"
#include "http/server/wire/request_parser.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace opr::http {

/// Turns the bytes of one connection into requests, one at a time. Knows no sockets and no clock.
///
/// Bytes go in by `read`, in pieces of any size, until `at` is `complete` or `refused`. After a complete
/// request further bytes are only kept until `next` says that its answer is out. Nothing goes on after a
/// refusal.
class request_reader {
public:
  enum class stage : uint8_t {
    between, ///< Nothing of the next request has come.
    head,
    body,
    complete, ///< `take` gives the request.
    refused   ///< `status` and `why` say what to tell the client.
  };

  /// @param whole Whether bodies are kept until they are whole; if not, `take_head` and `take_piece` give
  /// them.
  request_reader(size_t max_header_bytes, size_t max_body_bytes, bool whole = true);

  stage read(std::string_view bytes);
  stage next();

  stage at() const noexcept { return at_; }
  /// Bytes received and not yet made use of.
  size_t unread() const noexcept { return unread_.size() - start_; }
  /// Whether the client waits for a `100 Continue` before it sends the body that this request needs.
  bool wants_continue() const noexcept { return at_ == stage::body && wants_continue_; }
  /// It was told, once.
  void told_to_continue() noexcept { wants_continue_ = false; }

  request take() { return std::move(current_); }
  /// In the middle of a body: the request without it, and with its length if that is told.
  request take_head();
  /// In the middle of a body or at its end: what of it has come since this was asked last.
  std::string take_piece() { return std::exchange(current_.body, {}); }
  request_facts facts() const noexcept { return facts_; }
  int status() const noexcept { return status_; }
  std::string_view why() const noexcept { return why_; }

private:
  void parse_unread();
  size_t parse(std::string_view bytes);
  size_t begin(std::string_view bytes);
  size_t parse_head(std::string_view bytes);
  size_t parse_body(std::string_view bytes);
  void head_is_done(bool body_has_begun);
  void refuse(int status, std::string why);
  void refuse(const boost::beast::error_code& ec, std::string_view head);

  size_t max_header_bytes_;
  size_t max_body_bytes_;
  bool whole_;
  std::string unread_;
  size_t start_ = 0; ///< Where in `unread_` the bytes that are still to be parsed begin.
  head_scanner scanner_;
  std::optional<request_parser> parser_;
  request current_;
  request_facts facts_;
  stage at_ = stage::between;
  bool wants_continue_ = false;
  int status_ = 0;
  std::string why_;
};

} // namespace opr::http
