#include "storage/s3/upload.hpp"

#include "storage/s3/file_source.hpp"
#include "storage/s3/sums.hpp"
#include "storage/s3/xml.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace opr::storage {

namespace {

constexpr uint64_t most_parts = 10000;
constexpr std::chrono::seconds abort_limit{30};

/// Where the body of the latest try comes from.
using last_source = std::shared_ptr<std::shared_ptr<file_source>>;

/// A request that sends a part of the file.
s3_request put(workers& pool, const std::shared_ptr<const open_file>& file, uint64_t from, uint64_t size,
               const last_source& last) {
  s3_request what;
  what.method = "PUT";
  what.stream_length = size;
  if (size > 0)
    what.stream = [&pool, file, from, size, last] {
      *last = std::make_shared<file_source>(pool, file, from, size);
      return *last;
    };
  return what;
}

/// Whether what the server has is what was sent, as far as can be told.
failure compare(const s3_client& client, const s3_reply& reply, const last_source& sent,
                const std::string& key) {
  auto md5 = client.where().trusts_etags && *sent ? md5_of(reply.head) : std::string{};
  if (md5.empty() || (*sent)->md5() == md5)
    return {ec::none, {}};
  return {ec::storage_failed, client.name_of(key) + ": what the server received has another MD5 sum"};
}

void upload_whole(const std::shared_ptr<s3_client>& client, workers& pool, open_file file,
                  const std::string& key, time_point deadline, then<uint64_t> on_done) {
  auto size = file.size;
  auto last = std::make_shared<std::shared_ptr<file_source>>();
  auto what = put(pool, std::make_shared<const open_file>(std::move(file)), 0, size, last);
  what.key = key;
  what.deadline = deadline;
  client->send(std::move(what),
               [client, last, key, size, on_done = std::move(on_done)](result<s3_reply> reply) {
                 if (!reply)
                   return on_done(std::move(reply.error()));
                 auto why = compare(*client, *reply, last, key);
                 on_done(why.code == ec::none ? result<uint64_t>(size) : result<uint64_t>(std::move(why)));
               });
}

/// An upload in parts, several of which are on their way at once.
class parts final : public std::enable_shared_from_this<parts> {
public:
  parts(std::shared_ptr<s3_client> client, workers& pool, open_file file, std::string key,
        time_point deadline, then<uint64_t> on_done)
      : client_(std::move(client)), pool_(pool), size_(file.size),
        file_(std::make_shared<const open_file>(std::move(file))), key_(std::move(key)),
        rules_(client_->where().uploads),
        part_size_(std::max(rules_.part_size, (size_ + most_parts - 1) / most_parts)),
        etags_((size_ + part_size_ - 1) / part_size_), deadline_(deadline), on_done_(std::move(on_done)) {}

  void begin() {
    auto what = request("POST");
    what.query = {{"uploads", ""}};
    client_->send(std::move(what), [self = shared_from_this()](result<s3_reply> reply) {
      if (!reply)
        return self->end(std::move(reply.error()));
      self->id_ = xml_text(reply->body, "UploadId", 2000);
      if (self->id_.empty())
        return self->end(self->complaint("the server began an upload without an id"));
      self->send_more();
    });
  }

private:
  s3_request request(std::string method) const {
    s3_request what;
    what.method = std::move(method);
    what.key = key_;
    what.deadline = deadline_;
    return what;
  }

  failure complaint(const std::string& what) const {
    return {ec::storage_failed, client_->name_of(key_) + ": " + what};
  }

  void send_more() {
    std::unique_lock lock(mutex_);
    while (under_way_.size() < rules_.parts_at_once && next_ < etags_.size()) {
      auto index = next_++;
      under_way_[index] = nullptr;
      lock.unlock(); // it may be answered before it is known to be under way
      auto sent = send_part(index);
      lock.lock();
      auto found = under_way_.find(index);
      if (found != under_way_.end())
        found->second = sent;
      if (fault_.code != ec::none)
        sent->cancel();
    }
  }

  std::shared_ptr<s3_exchange> send_part(size_t index) {
    auto from = index * part_size_;
    auto sent = std::make_shared<std::shared_ptr<file_source>>();
    auto what = put(pool_, file_, from, std::min(part_size_, size_ - from), sent);
    what.key = key_;
    what.deadline = deadline_;
    what.query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", id_}};
    auto answered = [self = shared_from_this(), index, sent](result<s3_reply> reply) {
      self->take_answer(index, sent, std::move(reply));
    };
    return client_->send(std::move(what), std::move(answered));
  }

  void take_answer(size_t index, const last_source& sent, result<s3_reply> reply) {
    auto why = reply ? compare(*client_, *reply, sent, key_) : std::move(reply.error());
    const auto* etag = reply ? find_header(reply->head.headers, "etag") : nullptr;
    if (why.code == ec::none && etag == nullptr)
      why = complaint("the server took a part without an ETag");
    std::unique_lock lock(mutex_);
    under_way_.erase(index);
    if (fault_.code != ec::none)
      return give_up(std::move(lock));
    if (why.code != ec::none) {
      fault_ = std::move(why);
      return give_up(std::move(lock));
    }
    etags_[index] = *etag;
    auto is_last = ++stored_ == etags_.size();
    lock.unlock();
    is_last ? complete() : send_more();
  }

  /// Ends the other parts; then nobody adds to the upload any more, and it can be aborted.
  void give_up(std::unique_lock<std::mutex> lock) {
    next_ = etags_.size();
    auto others = under_way_;
    auto why = fault_;
    lock.unlock();
    for (auto& [index, one] : others)
      if (one)
        one->cancel();
    if (others.empty())
      abort(std::move(why));
  }

  void complete() {
    auto what = request("POST");
    what.query = {{"uploadId", id_}};
    what.body = "<CompleteMultipartUpload>";
    for (size_t i = 0; i < etags_.size(); ++i)
      what.body += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
                   xml_escaped(etags_[i]) + "</ETag></Part>";
    what.body += "</CompleteMultipartUpload>";
    client_->send(std::move(what), [self = shared_from_this()](result<s3_reply> reply) {
      if (reply && xml_root_is(reply->body, "CompleteMultipartUploadResult"))
        return self->end(self->size_);
      self->abort(reply ? self->complaint("the server didn't say that the upload is complete")
                        : std::move(reply.error()));
    });
  }

  void abort(failure why) {
    auto what = request("DELETE");
    what.query = {{"uploadId", id_}};
    what.deadline = clock::now() + abort_limit;
    client_->send(std::move(what), [](const result<s3_reply>&) {});
    end(std::move(why));
  }

  void end(result<uint64_t> how) { std::exchange(on_done_, nullptr)(std::move(how)); }

  const std::shared_ptr<s3_client> client_;
  workers& pool_;
  const uint64_t size_;
  const std::shared_ptr<const open_file> file_;
  const std::string key_;
  const upload_rules rules_;
  const uint64_t part_size_;
  std::mutex mutex_; ///< Of what follows, up to `fault_`.
  std::vector<std::string> etags_;
  size_t next_ = 0;
  size_t stored_ = 0;
  std::map<size_t, std::shared_ptr<s3_exchange>> under_way_;
  failure fault_{ec::none, {}};
  const time_point deadline_;
  std::string id_;
  then<uint64_t> on_done_;
};

} // namespace

void upload(const std::shared_ptr<s3_client>& client, workers& pool, open_file file, const std::string& key,
            time_point deadline, then<uint64_t> on_done) {
  if (file.size <= client->where().uploads.single_up_to)
    return upload_whole(client, pool, std::move(file), key, deadline, std::move(on_done));
  std::make_shared<parts>(client, pool, std::move(file), key, deadline, std::move(on_done))->begin();
}

} // namespace opr::storage
