#include "storage/s3/file_sink.hpp"

#include "storage/files/write.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace opr::storage {

namespace {

constexpr size_t block = size_t{64} * 1024; ///< Written at once, while a processor still has it at hand.
constexpr size_t most_waiting = 16 * block;

} // namespace

failure file_sink::begin(const net::response_head& head) {
  if (head.status != 200)
    return {ec::storage_failed,
            "the server answered " + std::to_string(head.status) + " to a plain download"};
  if (const auto* text = find_header(head.headers, "content-length")) {
    uint64_t length = 0;
    std::from_chars(text->data(), text->data() + text->size(), length); // the client has checked it
    length_ = length;
  } else if (find_header(head.headers, "transfer-encoding") == nullptr) {
    return {ec::storage_failed, "the server doesn't say how long the object is"};
  }
  sum_ = find_promised_sum(head, trusts_etags_);
  return {ec::none, {}};
}

net::flow file_sink::take(std::string_view piece) {
  std::lock_guard lock(mutex_);
  if (fault_.code != ec::none)
    return net::flow::stop;
  waiting_.append(piece);
  if (!is_writing_ && waiting_.size() >= block)
    begin_writing();
  is_paused_ = is_writing_ && waiting_.size() >= most_waiting;
  return is_paused_ ? net::flow::pause : net::flow::more;
}

void file_sink::belongs_to(std::shared_ptr<net::call> call) {
  std::lock_guard lock(mutex_);
  call_ = std::move(call);
  call_->resume(); // it may have been paused, and be free to go on, before this was known
}

void file_sink::finish(then<done> on_done) {
  std::unique_lock lock(mutex_);
  on_done_ = std::move(on_done);
  call_ = nullptr;
  if (is_writing_ || begin_writing())
    return;
  auto say = std::exchange(on_done_, nullptr);
  lock.unlock();
  say(failure{ec::cancelled, "the storage is closing"});
}

failure file_sink::fault() {
  std::lock_guard lock(mutex_);
  return fault_;
}

/// With the mutex held.
bool file_sink::begin_writing() {
  is_writing_ = pool_.run([self = shared_from_this()] { self->write(); });
  if (!is_writing_)
    fault_ = {ec::cancelled, "the storage is closing"};
  return is_writing_;
}

/// A worker's job: writes what waits, and what comes meanwhile.
void file_sink::write() {
  std::unique_lock lock(mutex_);
  while (fault_.code == ec::none && (waiting_.size() >= block || (on_done_ && !waiting_.empty()))) {
    writing_.clear();
    std::swap(waiting_, writing_);
    wake_call();
    lock.unlock();
    auto why = write_one(writing_);
    lock.lock();
    if (why.code != ec::none)
      fault_ = std::move(why);
  }
  is_writing_ = false;
  wake_call();
  auto on_done = std::exchange(on_done_, nullptr);
  auto why = fault_;
  lock.unlock();
  if (on_done)
    on_done(why.code == ec::none ? conclude() : result<done>(std::move(why)));
}

/// With the mutex held: what was held back may come.
void file_sink::wake_call() {
  if (std::exchange(is_paused_, false) && call_)
    call_->resume();
}

failure file_sink::write_one(std::string_view bytes) {
  if (!part_) {
    auto made = part_file::create(path_);
    if (!made)
      return std::move(made.error());
    part_.emplace(std::move(*made));
  }
  written_ += bytes.size();
  for (; !bytes.empty(); bytes.remove_prefix(std::min(block, bytes.size()))) {
    auto next = bytes.substr(0, block);
    if (sum_)
      sum_->of_what_came->add(next);
    if (auto done_so = write_all(part_->fd(), next, path_); !done_so)
      return std::move(done_so.error());
  }
  return {ec::none, {}};
}

result<done> file_sink::conclude() {
  if (!part_) // of an empty object
    if (auto why = write_one({}); why.code != ec::none)
      return why;
  if (length_ && *length_ != written_)
    return {ec::storage_failed, "the object came with " + std::to_string(written_) + " bytes instead of " +
                                    std::to_string(*length_)};
  if (sum_ && sum_->of_what_came->finish() != sum_->text)
    return {ec::storage_failed, "the object that came doesn't match " + sum_->name};
  return part_->publish(false);
}

} // namespace opr::storage
