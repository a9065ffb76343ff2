#include "storage/local.hpp"

#include "storage/files/copy.hpp"

#include <utility>

namespace opr::storage {

namespace {

class local_device final : public device {
public:
  explicit local_device(workers& pool) : pool_(pool) {}

  void fetch(const std::string& key, const std::string& local_path, time_point deadline,
             then<done> on_done) override {
    auto copied = [on_done](result<uint64_t> size) {
      on_done(size ? result<done>(done{}) : result<done>(std::move(size.error())));
    };
    begin(copy_in, key, local_path, deadline, std::move(copied));
  }

  void store(const std::string& local_path, const std::string& key, time_point deadline,
             then<uint64_t> on_done) override {
    begin(copy_out, local_path, key, deadline, std::move(on_done));
  }

private:
  using copy_function = result<uint64_t>(const std::string&, const std::string&, const checkpoint&);

  void begin(copy_function* copy, const std::string& from, const std::string& to, time_point deadline,
             then<uint64_t> on_done) {
    auto go_on = [&pool = pool_, deadline]() -> failure {
      if (pool.stopping())
        return {ec::cancelled, "the storage is closing"};
      if (clock::now() >= deadline)
        return {ec::deadline_passed, "copying to or from the storage took too long"};
      return {ec::none, {}};
    };
    auto job = [copy, from, to, go_on, on_done] {
      auto late = go_on(); // it may have waited for a worker
      on_done(late.code == ec::none ? copy(from, to, go_on) : result<uint64_t>(std::move(late)));
    };
    if (!pool_.run(std::move(job)))
      on_done(go_on());
  }

  workers& pool_;
};

} // namespace

std::unique_ptr<device> make_local_device(workers& pool) { return std::make_unique<local_device>(pool); }

} // namespace opr::storage
