#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "storage/s3/place.hpp"
#include "storage/s3/verdict.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace opr::storage {

/// Takes the body of a good answer. Calls come from one I/O thread, in order.
class body_taker {
public:
  virtual ~body_taker() = default;
  /// @returns What is wrong with the answer, if anything: then its body isn't wanted.
  virtual failure begin(const net::response_head& head) = 0;
  virtual net::flow take(std::string_view piece) = 0;
  /// The call that the pieces belong to, for going on after a pause; may come at any time, from any thread.
  virtual void belongs_to(std::shared_ptr<net::call> call) = 0;
};

/// A request about an object, or to a bucket if the key is empty.
struct s3_request {
  std::string method = "GET";
  std::string key;
  query_list query = {};
  header_list headers = {}; ///< Besides those of the signature.
  std::string body = {};
  /// Instead of `body`: makes the stream of it, anew for each try.
  std::function<std::shared_ptr<net::body_source>()> stream = nullptr;
  uint64_t stream_length = 0;
  /// Makes what takes the body of a good answer, anew for each try. Without one the body is collected, up to
  /// 1 MiB.
  std::function<std::shared_ptr<body_taker>()> taker = nullptr;
  time_point deadline; ///< Of all tries together.
};

/// A request under way, over all its tries.
class s3_exchange {
public:
  virtual ~s3_exchange() = default;
  /// Ends it with `ec::cancelled`, if it isn't over; any thread.
  virtual void cancel() = 0;
};

/// Signs requests to one bucket and sees to it that they are answered. What failed for a reason that may pass
/// is tried again, five times at most, each time after a longer wait or the one that the server asked for, as
/// long as the deadline allows. Any thread.
class s3_client : public std::enable_shared_from_this<s3_client> {
public:
  /// @param io Outlives the client, or is stopped before.
  s3_client(net::http_client& http, net::io_threads& io, s3_place where);

  /// @param on_done Called once, on an I/O thread: the answer, good by `judge`, or what the last try failed
  /// of. By the caller if the I/O threads have stopped.
  std::shared_ptr<s3_exchange> send(s3_request what, then<s3_reply> on_done);
  /// Ends all that is under way.
  void close();

  const s3_place& where() const noexcept { return where_; }
  net::io_threads& io() noexcept { return io_; }
  /// For people: `bucket b, key k`.
  std::string name_of(const std::string& key) const;
  /// The request as it goes out now, signed. @param what Must outlive the call.
  net::outgoing signed_request(const s3_request& what) const;
  net::upstream& server() noexcept { return *server_; }

private:
  const s3_place where_;
  net::io_threads& io_;
  const std::shared_ptr<net::upstream> server_;
};

} // namespace opr::storage
