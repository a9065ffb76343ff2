#include "storage/s3/download.hpp"

#include "storage/s3/file_sink.hpp"

#include <utility>

namespace opr::storage {

void download(const std::shared_ptr<s3_client>& client, workers& pool, const std::string& key,
              const std::string& known_etag, const std::string& local_path, time_point deadline,
              then<fetched> on_done) {
  auto last = std::make_shared<std::shared_ptr<file_sink>>(); // of the latest try
  s3_request what;
  what.key = key;
  what.deadline = deadline;
  what.headers.push_back({"x-amz-checksum-mode", "ENABLED"});
  if (!known_etag.empty())
    what.headers.push_back({"if-none-match", known_etag});
  what.taker = [last, &pool, local_path, trusts_etags = client->where().trusts_etags] {
    *last = std::make_shared<file_sink>(pool, local_path, trusts_etags);
    return *last;
  };
  auto answered = [last, on_done = std::move(on_done), name = client->name_of(key),
                   is_known = !known_etag.empty()](result<s3_reply> reply) {
    auto sink = std::exchange(*last, nullptr);
    if (!reply) {
      auto of_file = sink->fault();
      return on_done(of_file.code != ec::none ? std::move(of_file) : std::move(reply.error()));
    }
    const auto* etag = find_header(reply->head.headers, "etag");
    fetched got{etag == nullptr ? "" : *etag, reply->head.status / 100 != 2};
    if (got.is_unchanged && !is_known)
      return on_done({ec::storage_failed, name + ": the server answered 304 to a plain download"});
    if (got.is_unchanged)
      return on_done(std::move(got));
    sink->finish([on_done, got, name](result<done> end) {
      if (end)
        return on_done(got);
      end.error().detail = name + ": " + end.error().detail;
      on_done(std::move(end.error()));
    });
  };
  client->send(std::move(what), std::move(answered));
}

} // namespace opr::storage
