#include "storage/local.hpp"

#include "storage/files/copy.hpp"
#include "storage/files/roots.hpp"

#include <utility>

namespace opr::storage {

namespace {

class local_device final : public device {
public:
  local_device(workers& pool, std::vector<std::string> roots) : pool_(pool), roots_(std::move(roots)) {}

  void fetch(const std::string& key, const std::string& local_path, time_point deadline,
             then<done> on_done) override {
    auto copied = [on_done](result<uint64_t> size) {
      on_done(size ? result<done>(done{}) : result<done>(std::move(size.error())));
    };
    begin(copy_in, key, key, local_path, deadline, std::move(copied));
  }

  /// Local files are at hand anyway: what is known of them saves nothing.
  void fetch_if_changed(const std::string& key, const std::string&, const std::string& local_path,
                        time_point deadline, then<fetched> on_done) override {
    fetch(key, local_path, deadline, [on_done](result<done> end) {
      on_done(end ? result<fetched>(fetched{}) : result<fetched>(std::move(end.error())));
    });
  }

  void store(const std::string& local_path, const std::string& key, time_point deadline,
             then<uint64_t> on_done) override {
    begin(copy_out, key, local_path, key, deadline, std::move(on_done));
  }

  void replace(const std::string& local_path, const std::string& key, time_point deadline,
               then<uint64_t> on_done) override {
    begin(copy_over, key, local_path, key, deadline, std::move(on_done));
  }

private:
  using copy_function = result<uint64_t>(const std::string&, const std::string&, const checkpoint&);

  void begin(copy_function* copy, const std::string& key, const std::string& from, const std::string& to,
             time_point deadline, then<uint64_t> on_done) {
    auto go_on = [&pool = pool_, deadline]() -> failure {
      if (pool.stopping())
        return {ec::cancelled, "the storage is closing"};
      if (clock::now() >= deadline)
        return {ec::deadline_passed, "copying to or from the storage took too long"};
      return {ec::none, {}};
    };
    auto job = [copy, key, from, to, go_on, on_done, roots = roots_] {
      auto late = go_on(); // it may have waited for a worker
      if (late.code == ec::none)
        late = roots_fault(key, roots);
      on_done(late.code == ec::none ? copy(from, to, go_on) : result<uint64_t>(std::move(late)));
    };
    if (!pool_.run(std::move(job)))
      on_done(go_on());
  }

  workers& pool_;
  const std::vector<std::string> roots_;
};

} // namespace

std::unique_ptr<device> make_local_device(workers& pool, std::vector<std::string> roots) {
  return std::make_unique<local_device>(pool, std::move(roots));
}

} // namespace opr::storage
