#include "storage/s3/device.hpp"

#include "storage/files/open.hpp"
#include "storage/files/path.hpp"
#include "storage/s3/client.hpp"
#include "storage/s3/download.hpp"
#include "storage/s3/upload.hpp"

#include <utility>

namespace opr::storage {

namespace {

std::string without_slash(const std::string& key) { return key.front() == '/' ? key.substr(1) : key; }

class s3_device final : public device {
public:
  s3_device(net::http_client& http, net::io_threads& io, workers& pool, s3_place where)
      : pool_(pool), client_(std::make_shared<s3_client>(http, io, std::move(where))) {}
  ~s3_device() override { client_->close(); }

  s3_device(const s3_device&) = delete;
  s3_device& operator=(const s3_device&) = delete;

  void fetch(const std::string& key, const std::string& local_path, time_point deadline,
             then<done> on_done) override {
    fetch_if_changed(key, {}, local_path, deadline, [on_done = std::move(on_done)](result<fetched> got) {
      on_done(got ? result<done>(done{}) : result<done>(std::move(got.error())));
    });
  }

  void fetch_if_changed(const std::string& key, const std::string& known_version,
                        const std::string& local_path, time_point deadline, then<fetched> on_done) override {
    auto fault = key_fault(key);
    if (!fault)
      fault = path_fault(local_path);
    if (fault)
      return on_done(std::move(*fault));
    download(client_, pool_, without_slash(key), known_version, local_path, deadline, std::move(on_done));
  }

  void store(const std::string& local_path, const std::string& key, time_point deadline,
             then<uint64_t> on_done) override {
    auto fault = key_fault(key);
    if (!fault)
      fault = path_fault(local_path);
    if (fault)
      return on_done(std::move(*fault));
    auto job = [client = client_, &pool = pool_, local_path, key = without_slash(key), deadline, on_done] {
      auto file = open_regular(local_path);
      if (!file)
        return on_done(std::move(file.error()));
      upload(client, pool, std::move(*file), key, deadline, on_done);
    };
    if (!pool_.run(std::move(job)))
      on_done({ec::cancelled, "the storage is closing"});
  }

  void replace(const std::string& local_path, const std::string& key, time_point deadline,
               then<uint64_t> on_done) override {
    store(local_path, key, deadline, std::move(on_done));
  }

private:
  workers& pool_;
  const std::shared_ptr<s3_client> client_;
};

} // namespace

std::unique_ptr<device> make_s3_device(net::http_client& http, net::io_threads& io, workers& pool,
                                       s3_place where) {
  return std::make_unique<s3_device>(http, io, pool, std::move(where));
}

} // namespace opr::storage
