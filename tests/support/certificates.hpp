#pragma once

#include <chrono>
#include <memory>
#include <string>

struct x509_st;
struct evp_pkey_st;

namespace opr::test {

/// Issues certificates that nobody trusts who isn't told to.
class certificate_authority {
public:
  certificate_authority();
  ~certificate_authority();
  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;

  /// Its own certificate, as PEM: for those who are to trust it.
  std::string pem() const;

  /// A certificate with its key, as PEM.
  /// @param subject_names Whom it's for, as OpenSSL writes it: `DNS:localhost,IP:127.0.0.1`.
  /// @param until When it expires, from now; it's valid since two hours ago.
  std::string issue(const std::string& subject_names,
                    std::chrono::seconds until = std::chrono::hours(1)) const;

private:
  evp_pkey_st* key_;
  x509_st* certificate_;
};

} // namespace opr::test
