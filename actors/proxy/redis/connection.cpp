#include "actors/proxy/redis/connection.hpp"

#include <cerrno>
#include <fcntl.h>
#include <new>
#include <sys/time.h>
#include <utility>

namespace opr::redis {

namespace {

constexpr timeval silence{connection::silence_limit.count(), 0};
constexpr std::size_t longest_reason = 200;

} // namespace

std::string_view text_of(const redisReply& reply) noexcept {
  switch (reply.type) {
  case REDIS_REPLY_STRING:
  case REDIS_REPLY_STATUS:
  case REDIS_REPLY_ERROR:
    return {reply.str, reply.len};
  default:
    return {};
  }
}

bool is_error(const redisReply& reply) noexcept { return reply.type == REDIS_REPLY_ERROR; }

result<std::unique_ptr<connection>> connection::open(const redis_address& where, const state_dsn& as) {
  std::unique_ptr<connection> made{
      new connection(redisConnectWithTimeout(where.host.c_str(), where.port, silence))};
  auto* context = made->context_.get();
  if (context == nullptr)
    return {ec::connect_failed, "out of memory"};
  if (context->err != 0)
    return {ec::connect_failed, context->errstr};
  fcntl(context->fd, F_SETFD, FD_CLOEXEC);
  if (redisSetTimeout(context, silence) != REDIS_OK)
    return {ec::connect_failed, context->errstr};
  if (auto in = made->log_in(as); !in)
    return in.error();
  return made;
}

result<done> connection::log_in(const state_dsn& as) {
  std::vector<words> commands;
  if (!as.username.empty())
    commands.push_back({"AUTH", as.username, as.password});
  else if (!as.password.empty())
    commands.push_back({"AUTH", as.password});
  if (as.database != 0)
    commands.push_back({"SELECT", std::to_string(as.database)});
  std::vector<const words*> sent;
  sent.reserve(commands.size());
  for (const auto& command : commands)
    sent.push_back(&command);
  std::string refusal;
  auto ran = run(sent, [&](const reply_ptr& reply) {
    if (is_error(*reply) && refusal.empty())
      refusal = text_of(*reply).substr(0, longest_reason);
  });
  if (ran && !refusal.empty())
    return {ec::general_unavailable, "the login fails: " + refusal};
  return ran;
}

result<done> connection::run(const std::vector<const words*>& commands,
                             const std::function<void(reply_ptr)>& each) {
  auto deadline = clock::now() + run_limit;
  if (auto sent = send(commands, deadline); !sent)
    return sent;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    auto reply = read(deadline, bytes);
    if (!reply)
      return reply.error();
    each(std::move(*reply));
  }
  return done{};
}

result<done> connection::send(const std::vector<const words*>& commands, time_point deadline) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto* command : commands) {
    texts.clear();
    sizes.clear();
    for (const auto& word : *command) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(texts.size()), texts.data(), sizes.data()) !=
        REDIS_OK)
      return broken();
  }
  for (int is_sent = commands.empty() ? 1 : 0; is_sent == 0;) {
    if (redisBufferWrite(context_.get(), &is_sent) != REDIS_OK)
      return broken();
    if (is_sent == 0 && clock::now() >= deadline)
      return {ec::deadline_passed, "it takes commands too slowly"};
  }
  return done{};
}

result<reply_ptr> connection::read(time_point deadline, std::size_t& bytes) {
  while (true) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK)
      return broken();
    if (reply != nullptr)
      return reply_ptr(static_cast<redisReply*>(reply));
    if (clock::now() >= deadline)
      return {ec::deadline_passed, "it answers too slowly"};
    auto before = context_->reader->len;
    if (redisBufferRead(context_.get()) != REDIS_OK)
      return broken();
    bytes += context_->reader->len - before;
    if (bytes > most_bytes)
      return {ec::answer_too_large, "its answers are too large"};
  }
}

failure connection::broken() const {
  if (context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK))
    return {ec::deadline_passed, "it doesn't answer"};
  return {ec::connection_broken, context_->errstr};
}

} // namespace opr::redis
