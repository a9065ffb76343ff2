#include "net/tls/socket_bio.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <sys/types.h>

namespace opr::net {

namespace {

int descriptor_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

/// What OpenSSL wants to hear of a system call.
int told(ssize_t moved, size_t* how_much) {
  *how_much = moved > 0 ? static_cast<size_t>(moved) : 0;
  return moved > 0 ? 1 : 0;
}

int write_some(BIO* bio, const char* bytes, size_t size, size_t* written) {
  BIO_clear_retry_flags(bio);
  ssize_t sent = 0;
  do
    sent = ::send(descriptor_of(bio), bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno == EAGAIN)
    BIO_set_retry_write(bio);
  return told(sent, written);
}

int read_some(BIO* bio, char* to, size_t size, size_t* read) {
  BIO_clear_retry_flags(bio);
  ssize_t got = 0;
  do
    got = ::recv(descriptor_of(bio), to, size, MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN)
    BIO_set_retry_read(bio);
  if (got == 0)
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return told(got, read);
}

long control(BIO* bio, int what, long, void*) {
  switch (what) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_EOF:
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  default:
    return 0;
  }
}

BIO_METHOD* make_method() {
  auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
  if (made != nullptr) {
    BIO_meth_set_write_ex(made, write_some);
    BIO_meth_set_read_ex(made, read_some);
    BIO_meth_set_ctrl(made, control);
  }
  return made;
}

} // namespace

BIO* make_socket_bio(const int& descriptor) {
  static BIO_METHOD* const method = make_method(); // for the life of the process, as OpenSSL's own
  auto* made = method == nullptr ? nullptr : BIO_new(method);
  if (made != nullptr) {
    BIO_set_data(made, const_cast<int*>(&descriptor)); // NOLINT: only read
    BIO_set_init(made, 1);
  }
  return made;
}

} // namespace opr::net
