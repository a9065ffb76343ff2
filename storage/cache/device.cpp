#include "storage/cache/device.hpp"

#include "storage/cache/index.hpp"
#include "storage/files/copy.hpp"
#include "storage/files/open.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <mutex>
#include <unistd.h>
#include <utility>

namespace opr::storage {

namespace {

/// Somebody who wants a copy of an object.
struct wish {
  std::string local_path;
  time_point deadline;
  then<done> on_done;
};

class cache final : public std::enable_shared_from_this<cache> {
public:
  cache(std::unique_ptr<device> origin, cache_folder where, cache_limits limits, workers& pool)
      : folder_(std::move(where)), pool_(pool), max_age_(limits.max_age), index_(limits.max_bytes),
        origin_(std::move(origin)) {
    for (const auto& name : folder_.scan())
      folder_.remove(index_.put(object_of(name)));
  }

  /// Nothing once closed.
  std::shared_ptr<device> origin() {
    std::lock_guard lock(mutex_);
    return origin_;
  }
  /// Ends what is under way.
  void close() {
    auto ended = origin();
    std::lock_guard lock(mutex_);
    origin_ = nullptr;
  }

  void fetch(const std::string& key, wish what) {
    std::unique_lock lock(mutex_);
    const auto* known = index_.find(hash_of_key(key));
    if (known != nullptr && clock::now() < known->good_until) {
      lock.unlock();
      return serve_unasked(key, std::move(what));
    }
    auto& wishes = under_way_[key];
    wishes.push_back(std::move(what));
    if (wishes.size() > 1)
      return;
    auto until = wishes.front().deadline;
    auto version = known == nullptr ? std::string{} : known->version;
    lock.unlock();
    ask(key, version, until);
  }

  /// An upload to the origin has ended, well or not: what was known of the object, and what was asked before,
  /// holds no more.
  void forget(const std::string& key) {
    std::lock_guard lock(mutex_);
    ++uploads_;
    index_.vouch(hash_of_key(key), time_point::min());
  }

private:
  /// What the origin is asked.
  struct question {
    std::string key;
    std::string incoming; ///< Where it leaves an object that has changed.
    time_point asked_at;
    uint64_t uploads; ///< That had ended by then.
  };

  question question_of(const std::string& key) {
    std::lock_guard lock(mutex_);
    return {key, folder_.new_path(), clock::now(), uploads_};
  }

  void ask(const std::string& key, const std::string& version, time_point until) {
    auto from = origin();
    if (!from)
      return fail(take_wishes(key), closing());
    auto what = question_of(key);
    from->fetch_if_changed(
        key, version, what.incoming, until, [self = shared_from_this(), what](result<fetched> got) {
          auto shared = std::make_shared<result<fetched>>(std::move(got));
          if (!self->pool_.run([self, what, shared] { self->settle(what, std::move(*shared)); }))
            fail(self->take_wishes(what.key), closing());
        });
  }

  /// The origin has answered: keeps what came, and serves all who wait for it. A worker's job.
  void settle(const question& what, result<fetched> got) {
    const auto& key = what.key;
    if (!got)
      return settle_failure(key, got.error());
    auto hash = hash_of_key(key);
    auto file = got->is_unchanged ? name_in_cache(hash) : keep(hash, got->version, what.incoming);
    if (file.empty() && got->is_unchanged)
      return ask(key, {}, latest_deadline(key)); // it went meanwhile, or was damaged
    if (!file.empty()) {
      vouch(hash, what);
      return serve(key, take_wishes(key), folder_.path_of(file));
    }
    // Not to be kept: it's there for those who wait now.
    for (auto& one : take_wishes(key))
      copy(key, what.incoming, std::move(one));
    unlink(what.incoming.c_str());
  }

  void settle_failure(const std::string& key, const failure& why) {
    auto wishes = take_wishes(key);
    if (why.code == ec::storage_full) { // the folder's own disk: there may be room elsewhere, or now
      drop_all();
      for (auto& one : wishes)
        fetch_directly(key, std::move(one));
      return;
    }
    if (why.code == ec::source_not_found)
      drop(hash_of_key(key));
    auto is_late = [now = clock::now()](const wish& one) { return one.deadline <= now; };
    if (why.code != ec::deadline_passed)
      return fail(wishes, why);
    // The time of the one who came first is over, not that of the others.
    auto others = std::stable_partition(wishes.begin(), wishes.end(), is_late);
    std::vector<wish> again(std::make_move_iterator(others), std::make_move_iterator(wishes.end()));
    wishes.erase(others, wishes.end());
    fail(wishes, why);
    for (auto& one : again)
      fetch(key, std::move(one));
  }

  void vouch(const std::string& hash, const question& what) {
    std::lock_guard lock(mutex_);
    if (what.uploads == uploads_)
      index_.vouch(hash, what.asked_at + max_age_);
  }

  /// Serves what the origin has vouched for; if it's damaged, the origin is asked.
  void serve_unasked(const std::string& key, wish what) {
    auto shared = std::make_shared<wish>(std::move(what));
    if (!pool_.run([self = shared_from_this(), key, shared] {
          auto file = self->name_in_cache(hash_of_key(key));
          if (file.empty())
            return self->fetch(key, std::move(*shared));
          self->copy(key, self->folder_.path_of(file), std::move(*shared));
        }))
      shared->on_done(closing());
  }

  /// The file of an object that is whole; else it's forgotten, and the name is empty.
  std::string name_in_cache(const std::string& hash) {
    std::unique_lock lock(mutex_);
    const auto* known = index_.find(hash);
    if (known == nullptr)
      return {};
    auto name = file_name_of(*known);
    auto size = known->size;
    index_.touch(hash);
    lock.unlock();
    auto file = open_regular(folder_.path_of(name));
    if (file && file->size == size) {
      folder_.touch(name);
      return name;
    }
    drop(hash);
    return {};
  }

  /// Takes a file that has come into the cache. @returns Its name; empty if it can't be kept.
  std::string keep(const std::string& hash, const std::string& version, const std::string& incoming) {
    auto file = open_regular(incoming);
    if (!file)
      return {};
    cached_object what{hash, version, file->size};
    auto name = file_name_of(what);
    if (name.empty() || std::rename(incoming.c_str(), folder_.path_of(name).c_str()) != 0)
      return {};
    std::lock_guard lock(mutex_);
    auto removed = index_.put(std::move(what));
    // One that is too large for the cache still serves those who wait; it goes when they have it.
    if (std::find(removed.begin(), removed.end(), name) != removed.end()) {
      std::rename(folder_.path_of(name).c_str(), incoming.c_str());
      name.clear();
    }
    folder_.remove(removed);
    return name;
  }

  void serve(const std::string& key, std::vector<wish> wishes, const std::string& file) {
    for (auto& one : wishes) {
      auto shared = std::make_shared<wish>(std::move(one));
      if (!pool_.run(
              [self = shared_from_this(), key, file, shared] { self->copy(key, file, std::move(*shared)); }))
        shared->on_done(closing());
    }
  }

  void copy(const std::string& key, const std::string& file, wish to) {
    auto go_on = [&pool = pool_, until = to.deadline]() -> failure {
      if (pool.stopping())
        return closing();
      return {clock::now() < until ? ec::none : ec::deadline_passed, "copying from the cache took too long"};
    };
    auto copied = copy_in(file, to.local_path, go_on);
    if (copied)
      return to.on_done(done{});
    if (copied.error().code == ec::source_not_found) // evicted since
      return fetch_directly(key, std::move(to));
    to.on_done(std::move(copied.error()));
  }

  void fetch_directly(const std::string& key, wish what) {
    if (auto from = origin())
      return from->fetch(key, what.local_path, what.deadline, std::move(what.on_done));
    what.on_done(closing());
  }

  static failure closing() { return {ec::cancelled, "the storage is closing"}; }

  static void fail(const std::vector<wish>& wishes, const failure& why) {
    for (const auto& one : wishes)
      one.on_done(why);
  }

  std::vector<wish> take_wishes(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto found = under_way_.find(key);
    auto wishes = std::move(found->second);
    under_way_.erase(found);
    return wishes;
  }

  time_point latest_deadline(const std::string& key) {
    std::lock_guard lock(mutex_);
    auto latest = time_point::min();
    for (const auto& one : under_way_[key])
      latest = std::max(latest, one.deadline);
    return latest;
  }

  void drop(const std::string& hash) {
    std::lock_guard lock(mutex_);
    folder_.remove(index_.drop(hash));
  }

  void drop_all() {
    std::lock_guard lock(mutex_);
    folder_.remove(index_.clear());
  }

  const cache_folder folder_;
  workers& pool_;
  const std::chrono::milliseconds max_age_;
  std::mutex mutex_;     ///< Of what follows.
  uint64_t uploads_ = 0; ///< That have ended.
  cache_index index_;
  std::map<std::string, std::vector<wish>> under_way_; ///< By key: who waits for the origin's answer.
  std::shared_ptr<device> origin_;
};

class cached_device final : public device {
public:
  explicit cached_device(std::shared_ptr<cache> held) : cache_(std::move(held)) {}
  ~cached_device() override { cache_->close(); }

  cached_device(const cached_device&) = delete;
  cached_device& operator=(const cached_device&) = delete;

  void fetch(const std::string& key, const std::string& local_path, time_point deadline,
             then<done> on_done) override {
    cache_->fetch(key, {local_path, deadline, std::move(on_done)});
  }
  void fetch_if_changed(const std::string& key, const std::string& known_version,
                        const std::string& local_path, time_point deadline, then<fetched> on_done) override {
    cache_->origin()->fetch_if_changed(key, known_version, local_path, deadline, std::move(on_done));
  }
  void store(const std::string& local_path, const std::string& key, time_point deadline,
             then<uint64_t> on_done) override {
    cache_->origin()->store(local_path, key, deadline, forgetting(key, std::move(on_done)));
  }
  void replace(const std::string& local_path, const std::string& key, time_point deadline,
               then<uint64_t> on_done) override {
    cache_->origin()->replace(local_path, key, deadline, forgetting(key, std::move(on_done)));
  }

private:
  then<uint64_t> forgetting(const std::string& key, then<uint64_t> on_done) const {
    return [held = cache_, key, on_done = std::move(on_done)](result<uint64_t> end) {
      held->forget(key);
      on_done(std::move(end));
    };
  }

  const std::shared_ptr<cache> cache_;
};

} // namespace

std::unique_ptr<device> make_cached_device(std::unique_ptr<device> origin, cache_folder where,
                                           cache_limits limits, workers& pool) {
  return std::make_unique<cached_device>(
      std::make_shared<cache>(std::move(origin), std::move(where), limits, pool));
}

} // namespace opr::storage
