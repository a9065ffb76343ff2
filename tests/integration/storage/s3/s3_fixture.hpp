#pragma once

#include "storage/dsn.hpp"
#include "storage/s3/device.hpp"
#include "tests/integration/storage/waiting.hpp"
#include "tests/support/front.hpp"
#include "tests/support/s3_server.hpp"

#include <string>

namespace opr::storage {

/// Waits for what a storage does.
template <class Outcome, class Begin>
result<Outcome> wait_for(Begin begin) {
  auto told = std::make_shared<std::promise<result<Outcome>>>();
  auto outcome = told->get_future();
  begin([told](result<Outcome> one) { told->set_value(std::move(one)); });
  if (outcome.wait_for(60s) != std::future_status::ready)
    throw std::runtime_error("waited in vain for the storage");
  return outcome.get();
}

/// Threads, and a folder for local files.
struct s3_client_fixture {
  test::temp_dir folder;
  net::io_threads io;
  workers pool{2};
  std::unique_ptr<net::http_client> http = net::make_http_client(io);

  static constexpr upload_rules small_parts{uint64_t{5} << 20U, uint64_t{6} << 20U, 3};

  std::unique_ptr<device> open(const std::string& dsn) {
    auto where = parse_dsn(dsn);
    if (!where)
      throw std::runtime_error(where.error().detail);
    return open(std::get<s3_place>(*where));
  }
  std::unique_ptr<device> open(s3_place where) {
    where.uploads = small_parts;
    return make_s3_device(*http, io, pool, std::move(where));
  }

  std::string at(const std::string& name) const { return (folder.path() / name).string(); }

  result<done> fetch(device& from, const std::string& key, const std::string& name,
                     time_point deadline = waiting_device::soon()) const {
    return wait_for<done>([&](then<done> end) { from.fetch(key, at(name), deadline, std::move(end)); });
  }
  result<uint64_t> store(device& to, const std::string& file, const std::string& key,
                         time_point deadline = waiting_device::soon()) const {
    return wait_for<uint64_t>([&](then<uint64_t> end) { to.store(file, key, deadline, std::move(end)); });
  }

  /// Whether a file that begins so is gone soon: a worker may have been about to write to it.
  bool soon_gone(const std::string& part_of_name) const {
    for (auto until = clock::now() + 10s; clock::now() < until; std::this_thread::sleep_for(5ms))
      if (!has(part_of_name))
        return true;
    return false;
  }

  static std::string bytes(size_t size) {
    std::string made(size, '\0');
    for (size_t i = 0; i < made.size(); ++i)
      made[i] = static_cast<char>((i * 2654435761U) >> 9);
    return made;
  }

private:
  bool has(const std::string& part_of_name) const {
    for (const auto& one : std::filesystem::directory_iterator(folder.path()))
      if (one.path().filename().string().find(part_of_name) != std::string::npos)
        return true;
    return false;
  }
};

/// A real server besides.
struct s3_fixture : s3_client_fixture {
  explicit s3_fixture(test::s3_kind kind = test::s3_kind::s3rver) : server(kind) {}

  test::s3_server server;
  std::unique_ptr<device> bucket = open(server.dsn());
};

} // namespace opr::storage
