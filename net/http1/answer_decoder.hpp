#pragma once

#include "net/http1/answer_parser.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace opr::net {

/// How far an answer has come.
enum class progress : uint8_t {
  more,     ///< Goes on with what the peer sends next.
  paused,   ///< The reader said `flow::pause`: goes on with `go_on`.
  stopped,  ///< The reader said `flow::stop`.
  complete, ///< The answer is over.
  invalid,  ///< This is no HTTP answer; `complaint` says why.
};

/// Takes the answers of one connection apart, one at a time, however they are cut into pieces. Passes head
/// and body to the reader, skips 1xx. Knows no socket.
class answer_decoder {
public:
  /// Begins with the next answer.
  void begin(response_reader& reader, bool to_head);

  /// Takes what the peer sent. Not after anything but `progress::more`.
  progress feed(std::string_view bytes);
  /// Goes on after `progress::paused`.
  progress go_on() { return feed({}); }

  /// The peer has ended the stream: says whether that completes the answer.
  bool ends_with_stream();
  /// Whether the answer is one that only the end of the stream completes.
  bool needs_end_of_stream() const;
  /// After `complete`: whether the connection may carry another request.
  bool keeps_alive() const;
  /// After `invalid`.
  const std::string& complaint() const noexcept { return complaint_; }

private:
  progress consume(std::string_view& bytes);
  progress consume_once(std::string_view& bytes);
  progress judge(boost::beast::error_code why, std::string_view rest);
  bool is_starved(std::string_view rest) const;

  response_reader* reader_ = nullptr;
  bool to_head_ = false;
  std::optional<answer_parser> parser_;
  bool wants_more_ = false; ///< The parser stopped in the middle of a line.
  bool paused_ = false;
  std::string held_; ///< Received and not yet parsed.
  std::string complaint_;
};

} // namespace opr::net
