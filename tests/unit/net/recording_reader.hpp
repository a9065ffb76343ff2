#pragma once

#include "net/http_client.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace opr::net {

/// Keeps what it is told.
struct recording_reader final : response_reader {
  void on_head(response_head&& told) override {
    ++heads;
    head = std::move(told);
  }
  flow on_body(std::string_view piece) override {
    CHECK_FALSE(piece.empty());
    body.append(piece);
    ++pieces;
    return wants;
  }
  void on_done(failure) override {}

  flow wants = flow::more;
  int heads = 0;
  int pieces = 0;
  response_head head;
  std::string body;
};

} // namespace opr::net
