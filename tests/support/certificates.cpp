#include "tests/support/certificates.hpp"

#include "core/random_id.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace opr::test {

namespace {

void check(bool good, const char* what) {
  if (!good)
    throw std::runtime_error(std::string("making a certificate failed: ") + what);
}

void extend(X509* certificate, int what, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

X509* make(EVP_PKEY* key, const std::string& name, std::chrono::seconds until) {
  static std::atomic<long> serial{1};
  auto* made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made), -7200);
  X509_gmtime_adj(X509_getm_notAfter(made), static_cast<long>(until.count()));
  X509_set_pubkey(made, key);
  auto* called = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(called, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()),
                             -1, -1, 0);
  return made;
}

template <class Write>
std::string written(Write write) {
  auto* to = BIO_new(BIO_s_mem());
  check(write(to) == 1, "writing PEM");
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(to, &bytes);
  std::string text(bytes, static_cast<size_t>(size));
  BIO_free(to);
  return text;
}

std::string pem_of(X509* certificate) {
  return written([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}

} // namespace

certificate_authority::certificate_authority()
    : key_(EVP_EC_gen("P-256")),
      certificate_(make(key_, "opr-test authority " + random_hex(8), std::chrono::hours(1))) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  extend(certificate_, NID_basic_constraints, "critical,CA:TRUE");
  check(X509_sign(certificate_, key_, EVP_sha256()) > 0, "signing");
}

certificate_authority::~certificate_authority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::string certificate_authority::pem() const { return pem_of(certificate_); }

std::string certificate_authority::issue(const std::string& subject_names, std::chrono::seconds until) const {
  auto* key = EVP_EC_gen("P-256");
  auto* made = make(key, "opr-test server", until);
  X509_set_issuer_name(made, X509_get_subject_name(certificate_));
  extend(made, NID_subject_alt_name, subject_names);
  check(X509_sign(made, key_, EVP_sha256()) > 0, "signing");
  auto text = pem_of(made) + written([&](BIO* to) {
                return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
              });
  X509_free(made);
  EVP_PKEY_free(key);
  return text;
}

} // namespace opr::test
