#pragma once

#include "net/http_client.hpp"

#include <boost/beast/http/basic_parser.hpp>

namespace opr::net {

/// Parses one answer, 1xx ones included, and passes the final head and the body on as they come.
class answer_parser final : public boost::beast::http::basic_parser<false> {
public:
  using error_code = boost::beast::error_code;
  using text = boost::beast::string_view;

  /// Bytes of status line and fields that an answer may have.
  static constexpr uint32_t max_head = 64 * 1024;

  /// @param to_head Whether the request was a HEAD: its answer has no body whatever it says.
  answer_parser(response_reader& reader, bool to_head);

  /// Whether this is a 1xx: another answer follows.
  bool is_interim() const noexcept { return head_.status / 100 == 1; }
  /// What the reader said to the last piece. Unless it wants more, `put` returns `http::error::need_buffer`
  /// right after that piece.
  flow wanted() const noexcept { return wanted_; }

private:
  void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
  void on_response_impl(int status, text reason, int version, error_code& why) override;
  void on_field_impl(boost::beast::http::field field, text name, text value, error_code& why) override;
  void on_header_impl(error_code& why) override;
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code& why) override { why = {}; }
  size_t on_body_impl(text piece, error_code& why) override;
  void on_chunk_header_impl(uint64_t, text, error_code& why) override { why = {}; }
  size_t on_chunk_body_impl(uint64_t, text piece, error_code& why) override;
  void on_finish_impl(error_code& why) override { why = {}; }

  response_reader& reader_;
  response_head head_;
  size_t head_size_ = 0;
  bool is_http_1_1_ = false;
  flow wanted_ = flow::more;
};

} // namespace opr::net
