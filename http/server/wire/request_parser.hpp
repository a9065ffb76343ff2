#pragma once

#include "http/server/message.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <string_view>

namespace opr::http {

/// What a request says about the way its answer has to take.
struct request_facts {
  bool http_1_0 = false;
  bool head = false;       ///< The method is HEAD: the answer has no body.
  bool keep_alive = false; ///< The client wants to go on using the connection.
};

/// Beast's parser filling a `request`, with the checks that it lacks: a `Transfer-Encoding` other than
/// `chunked`, or any with HTTP/1.0, is refused instead of ignored (it would make the body a second request),
/// so are repeated lengths and a missing or repeated `Host`. Trailers are dropped: they could overwrite
/// headers. Parses one message; fed with one buffer at a time.
class request_parser final : public boost::beast::http::basic_parser<true> {
public:
  enum class expectation : uint8_t { none, continue_100, unknown };

  /// @param whole Whether the body is kept until it is whole, so that it's worth to make room for all of it.
  request_parser(request& into, size_t max_header_bytes, size_t max_body_bytes, bool whole);

  expectation expects() const noexcept { return expects_; }
  request_facts facts() const;

private:
  using error_code = boost::beast::error_code;
  using view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, view method, view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, view name_text, view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
  std::size_t on_body_impl(view bytes, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, view bytes, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  request& into_;
  const bool whole_;
  size_t most_; ///< The body's length, or as long as that isn't known the limit.
  uint16_t hosts_ = 0;
  bool http_1_0_ = false;
  bool has_length_ = false;
  bool has_encoding_ = false;
  expectation expects_ = expectation::none;
};

} // namespace opr::http
