#include "actors/executor/log_tail.hpp"

#include "storage/untrusted_file.hpp"

#include <algorithm>
#include <utility>

namespace opr {

namespace {

using log_tail_ptr = log_tail_actor::stateful_pointer<log_tail_state>;

/// Between two looks at the files; a line is told within 100 ms.
constexpr std::chrono::milliseconds look_interval{40};
/// From a change to the look at it: `script` writes a line and then its timing, and without that it can't be
/// told.
constexpr std::chrono::milliseconds settling_time{3};
/// What is read of each file at a time.
constexpr std::size_t look_size = 256 * 1024;

std::string read_on(const std::string& folder, const char* name, uint64_t from, bool& goes_on) {
  auto read = storage::read_untrusted(folder, name, look_size, from);
  if (!read)
    return {};
  goes_on |= read->truncated;
  return std::move(read->bytes);
}

void tick_by(log_tail_ptr self, time_point at) {
  auto& state = self->state;
  if (auto wait = state.tick.by(at, state.with->now()))
    self->delayed_send(self, *wait, atom::tick_v);
}

void look(log_tail_ptr self) {
  auto& state = self->state;
  state.is_looking = true;
  state.has_grown = false;
  state.look_at = time_point::max();
  state.last_look = state.with->now();
  log_tail_actor me = self;
  state.with->run_short([me, folder = state.folder, log = state.log_read, timings = state.timings_read] {
    log_piece piece{std::make_shared<script_files>(), false};
    // In this order: what a timing tells of has been written before.
    piece.more->timings = read_on(folder, "timings.txt", timings, piece.goes_on);
    piece.more->log = read_on(folder, "logs.txt", log, piece.goes_on);
    caf::anon_send(me, std::move(piece));
  });
}

void look_soon(log_tail_ptr self) {
  auto& state = self->state;
  state.has_grown = true;
  if (state.is_looking || state.has_ended || state.look_at != time_point::max())
    return;
  state.look_at = std::max(state.last_look + look_interval, state.with->now() + settling_time);
  tick_by(self, state.look_at);
}

void tell(log_tail_ptr self, const std::vector<log_entry>& entries) {
  auto& state = self->state;
  if (entries.empty())
    return;
  auto lines = log_lines(entries);
  auto now = state.with->now();
  for (auto& one : state.followers) {
    one.call->sink->write(lines);
    one.call->deadline = now + one.patience;
  }
  state.lines += lines;
}

void take(log_tail_ptr self, const script_files& more) {
  auto& state = self->state;
  state.log_read += more.log.size();
  state.timings_read += more.timings.size();
  std::vector<log_entry> entries;
  state.parser.add(more, entries);
  tell(self, entries);
}

void take_piece(log_tail_ptr self, log_piece& piece) {
  auto& state = self->state;
  state.is_looking = false;
  if (state.has_ended)
    return;
  take(self, *piece.more);
  if (piece.goes_on)
    look(self);
  else if (state.has_grown)
    look_soon(self);
}

void follow(log_tail_ptr self, follow_ptr call) {
  auto& state = self->state;
  if (!state.lines.empty())
    call->sink->write(state.lines);
  if (state.has_ended) {
    call->reply.give(done{});
    return;
  }
  log_tail_actor me = self;
  call->sink->when_gone([me, left = std::weak_ptr(call)] {
    if (auto who = left.lock())
      caf::anon_send(me, atom::gone_v, std::move(who));
  });
  tick_by(self, call->deadline);
  auto patience = call->deadline - state.with->now();
  state.followers.push_back({std::move(call), patience});
  if (state.watch)
    return;
  // Held weakly, so that a change doesn't keep an actor alive that nobody needs.
  state.watch = state.with->watch_folder(state.folder, [to = caf::actor_cast<caf::weak_actor_ptr>(me)] {
    if (auto alive = caf::actor_cast<log_tail_actor>(to.lock()))
      caf::anon_send(alive, atom::changed_v);
  });
  look_soon(self);
}

void forget(log_tail_ptr self, const follow_ptr& who) {
  auto& all = self->state.followers;
  all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& one) { return one.call == who; }),
            all.end());
  who->reply.give({ec::cancelled, {}});
}

void tick(log_tail_ptr self) {
  auto& state = self->state;
  auto now = state.with->now();
  if (!state.tick.came(now))
    return tick_by(self, state.tick.wanted());
  auto late = [now](const log_follower& one) {
    return one.call->deadline <= now && (one.call->reply.give({ec::logs_timeout, {}}), true);
  };
  state.followers.erase(std::remove_if(state.followers.begin(), state.followers.end(), late),
                        state.followers.end());
  for (const auto& one : state.followers)
    tick_by(self, one.call->deadline);
  if (state.look_at <= now)
    look(self);
  else
    tick_by(self, state.look_at);
}

/// @param whole Both files from their beginning, if they could be had.
void end(log_tail_ptr self, const log_piece& whole) {
  auto& state = self->state;
  if (state.has_ended)
    return;
  if (whole.more)
    take(self,
         {whole.more->log.substr(std::min<uint64_t>(state.log_read, whole.more->log.size())),
          whole.more->timings.substr(std::min<uint64_t>(state.timings_read, whole.more->timings.size()))});
  std::vector<log_entry> rest;
  state.parser.finish(rest);
  tell(self, rest);
  state.has_ended = true;
  state.look_at = time_point::max();
  state.watch = nullptr;
  for (auto& one : std::exchange(state.followers, {}))
    one.call->reply.give(done{});
}

} // namespace

log_tail_actor::behavior_type log_tail(log_tail_ptr self, services_ptr with, std::string folder,
                                       wall_clock::time_point started) {
  self->state.parser = script_parser{started};
  self->state.with = std::move(with);
  self->state.folder = std::move(folder);
  return {
      [self](atom::follow, follow_ptr& call) { follow(self, std::move(call)); },
      [self](atom::gone, const follow_ptr& who) { forget(self, who); },
      [self](atom::changed) { look_soon(self); },
      [self](log_piece& piece) { take_piece(self, piece); },
      [self](atom::tick) { tick(self); },
      [self](atom::stop, const log_piece& whole) { end(self, whole); },
  };
}

} // namespace opr
