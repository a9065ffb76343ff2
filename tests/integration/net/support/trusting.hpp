#pragma once

#include "tests/integration/net/support/recorder.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/front.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>

namespace opr::test {

/// An authority that this process trusts, as it would trust the system's.
struct trusted_authority {
  temp_dir trust_folder;
  certificate_authority authority;
  scoped_variable trusted{"SSL_CERT_FILE", trust_folder.write("authority.pem", authority.pem())};
};

/// A client that trusts the authority.
struct trusting_fixture : trusted_authority, client_fixture {
  static net::address safe(uint16_t port, std::string server_name = {}) {
    net::address where{{}, "127.0.0.1", port};
    where.tls = true;
    where.server_name = std::move(server_name);
    return where;
  }
  front_manners speaking_tls(const std::string& subject_names = "IP:127.0.0.1") const {
    front_manners how;
    how.certificate = authority.issue(subject_names);
    return how;
  }
};

} // namespace opr::test
