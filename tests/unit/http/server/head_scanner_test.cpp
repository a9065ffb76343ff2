#include "http/server/wire/head_scanner.hpp"

#include <catch2/catch.hpp>

#include <string>

using opr::http::head_scanner;
using verdict = head_scanner::verdict;

TEST_CASE("the head ends with its first empty line, wherever the pieces are cut", "[http][head]") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (size_t cut = 0; cut < head.size(); ++cut) {
    head_scanner scanner;
    CHECK(scanner.scan(head.substr(0, cut)) == verdict::incomplete);
    CHECK(scanner.scan(head + "body\r\n\r\n") == verdict::complete);
    CHECK(scanner.size() == head.size());
  }
}

TEST_CASE("a line that ends in a bare line feed is refused as soon as it is seen", "[http][head]") {
  for (const auto* head :
       {"GET / HTTP/1.1\n", "\n", "GET / HTTP/1.1\r\nHost: a\n", "GET / HTTP/1.1\r\nHost: a\r\n\n"}) {
    head_scanner scanner;
    CHECK(scanner.scan(head) == verdict::bare_line_feed);
  }
}

TEST_CASE("a header folded over two lines is refused even when the fold comes in another piece",
          "[http][head]") {
  for (const auto* fold : {" b", "\tb"}) {
    const std::string start = "GET / HTTP/1.1\r\nX: a\r\n";
    head_scanner scanner;
    CHECK(scanner.scan(start) == verdict::incomplete);
    CHECK(scanner.scan(start + fold) == verdict::folded_field);
  }
}
