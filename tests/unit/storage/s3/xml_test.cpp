#include "storage/s3/xml.hpp"

#include <catch2/catch.hpp>

using namespace opr::storage;

TEST_CASE("an error's code and message are found", "[storage][s3]") {
  const auto* page =
      "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>It&apos;s &lt;gone&gt; &amp;"
      " away</Message></Error>";
  CHECK(xml_root_is(page, "Error"));
  CHECK(xml_text(page, "Code") == "NoSuchKey");
  CHECK(xml_text(page, "Message") == "It's <gone> & away");
  CHECK(xml_text(page, "Cod").empty());
}

TEST_CASE("attributes and name spaces don't hide an element", "[storage][s3]") {
  const auto* page = "<R xmlns=\"http://a/\"><UploadId a='b'>x-1</UploadId></R>";
  CHECK(xml_root_is(page, "R"));
  CHECK(xml_text(page, "UploadId") == "x-1");
}

TEST_CASE("whatever comes instead of XML is no text, and does no harm", "[storage][s3]") {
  auto page = GENERATE("", "<", "<Code", "<Code>", "Code>", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<Code/>",
                       "<Codex>x</Codex>");
  CHECK(xml_text(page, "Code").empty());
  CHECK_FALSE(xml_root_is(page, "Error"));
}

TEST_CASE("a text is cut, and holds neither control bytes nor bad UTF-8", "[storage][s3]") {
  CHECK(xml_text("<M>" + std::string(1'000'000, 'x') + "</M>", "M", 10) == "xxxxxxxxxx");
  CHECK(xml_text("<M>a\n\x1b[31mb\xff</M>", "M") == "a[31mb\xef\xbf\xbd");
}

TEST_CASE("an ETag can be written into a document", "[storage][s3]") {
  CHECK(xml_escaped("\"a<b&\"") == "\"a&lt;b&amp;\"");
}
