#include "storage/s3/sums.hpp"

#include "core/base64.hpp"
#include "storage/s3/digest.hpp"

#include <boost/crc.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace opr::storage {

namespace {

using in_digits = std::string (*)(std::string_view bytes);

/// One that OpenSSL makes.
class evp_sum final : public running_sum {
public:
  evp_sum(const EVP_MD* kind, in_digits write) : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free), write_(write) {
    EVP_DigestInit_ex(context_.get(), kind, nullptr);
  }
  void add(std::string_view bytes) override { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string finish() override {
    std::array<char, EVP_MAX_MD_SIZE> made{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(made.data()), &size);
    return write_({made.data(), size});
  }

private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
  in_digits write_;
};

using crc64_nvme = boost::crc_optimal<64, 0xAD93D23594C93659U, ~0ULL, ~0ULL, true, true>;
using crc32_c = boost::crc_optimal<32, 0x1EDC6F41U, ~0U, ~0U, true, true>;
using crc32 = boost::crc_32_type;

template <class Crc>
class crc_sum final : public running_sum {
public:
  void add(std::string_view bytes) override { crc_.process_bytes(bytes.data(), bytes.size()); }
  std::string finish() override {
    std::string bytes; // the most significant first
    for (int left = Crc::bit_count; left > 0; left -= 8)
      bytes += static_cast<char>(crc_.checksum() >> static_cast<unsigned>(left - 8));
    return base64(bytes);
  }

private:
  Crc crc_;
};

template <class Crc>
std::unique_ptr<running_sum> make_crc() {
  return std::make_unique<crc_sum<Crc>>();
}

template <const EVP_MD* Kind()>
std::unique_ptr<running_sum> make_sha() {
  return std::make_unique<evp_sum>(Kind(), base64);
}

struct header_sum {
  const char* name;
  std::unique_ptr<running_sum> (*make)();
};

/// Those that Amazon makes by itself first.
constexpr std::array<header_sum, 5> header_sums{{
    {"x-amz-checksum-crc64nvme", make_crc<crc64_nvme>},
    {"x-amz-checksum-crc32c", make_crc<crc32_c>},
    {"x-amz-checksum-crc32", make_crc<crc32>},
    {"x-amz-checksum-sha256", make_sha<EVP_sha256>},
    {"x-amz-checksum-sha1", make_sha<EVP_sha1>},
}};

} // namespace

std::unique_ptr<running_sum> make_md5_sum() { return std::make_unique<evp_sum>(EVP_md5(), hex); }

std::string md5_of(const net::response_head& head) {
  constexpr size_t digits = 32;
  const auto* tag = find_header(head.headers, "etag");
  const auto* encryption = find_header(head.headers, "x-amz-server-side-encryption");
  auto is_opaque = (encryption != nullptr && *encryption != "AES256") ||
                   find_header(head.headers, "x-amz-server-side-encryption-customer-algorithm") != nullptr;
  if (tag == nullptr || is_opaque || tag->size() != digits + 2 || tag->front() != '"' || tag->back() != '"')
    return {};
  auto text = tag->substr(1, digits);
  auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return std::all_of(text.begin(), text.end(), is_hex) ? text : std::string{};
}

std::optional<promised_sum> find_promised_sum(const net::response_head& head, bool trusts_etags) {
  if (auto md5 = trusts_etags ? md5_of(head) : std::string{}; !md5.empty())
    return promised_sum{"its ETag, an MD5 sum", std::move(md5), make_md5_sum()};
  const auto* type = find_header(head.headers, "x-amz-checksum-type");
  if (type != nullptr && *type == "COMPOSITE")
    return std::nullopt;
  for (const auto& one : header_sums)
    if (const auto* text = find_header(head.headers, one.name);
        text != nullptr && text->find('-') == std::string::npos) // else followed by the number of parts
      return promised_sum{"its " + std::string(one.name), *text, one.make()};
  return std::nullopt;
}

} // namespace opr::storage
