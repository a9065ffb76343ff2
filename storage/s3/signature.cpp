#include "storage/s3/signature.hpp"

#include "storage/s3/digest.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace opr::storage {

namespace {

std::string lower(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// Without spaces at the ends, and with one where there are several.
std::string squeezed(std::string_view value) {
  std::string out;
  for (char c : value)
    if (c != ' ' || (!out.empty() && out.back() != ' '))
      out += c;
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

struct canonical_headers {
  std::string lines;
  std::string names; ///< With `;` between.
};

canonical_headers canonical(const header_list& headers) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const auto& one : headers)
    sorted.emplace_back(lower(one.name), squeezed(one.value));
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  canonical_headers out;
  for (const auto& [name, value] : sorted) {
    out.lines.append(name).append(":").append(value).append("\n");
    out.names += (out.names.empty() ? "" : ";") + name;
  }
  return out;
}

std::string signing_key(const signer& who, std::string_view day) {
  auto key = hmac_sha256("AWS4" + who.secret, day);
  for (std::string_view next :
       {std::string_view(who.region), std::string_view(who.service), std::string_view("aws4_request")})
    key = hmac_sha256(key, next);
  return key;
}

} // namespace

std::string amz_date(wall_clock::time_point at) {
  auto seconds = wall_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  auto size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

std::string authorization(const signer& who, const signed_parts& what, std::string_view date) {
  constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
  auto day = date.substr(0, date.find('T'));
  auto headers = canonical(what.headers);
  auto request = what.method + "\n" + what.path + "\n" + encode_query(what.query) + "\n" + headers.lines +
                 "\n" + headers.names + "\n" + what.payload_hash;
  auto scope = std::string(day) + "/" + who.region + "/" + who.service + "/aws4_request";
  auto text = std::string(algorithm) + "\n" + std::string(date) + "\n" + scope + "\n" + hex(sha256(request));
  return std::string(algorithm) + " Credential=" + who.access_key + "/" + scope +
         ", SignedHeaders=" + headers.names + ", Signature=" + hex(hmac_sha256(signing_key(who, day), text));
}

} // namespace opr::storage
