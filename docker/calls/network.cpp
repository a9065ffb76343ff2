#include "docker/calls/network.hpp"

#include "docker/wire/decode.hpp"
#include "docker/wire/encode.hpp"
#include "docker/wire/target.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace opr::docker {

namespace {

using network_ids = std::vector<std::string>;

/// Looks for the network, creates it when there is none, and looks again for those that others made
/// meanwhile.
class network_assurance : public std::enable_shared_from_this<network_assurance> {
public:
  network_assurance(std::shared_ptr<channel> way, std::string name, std::string creation, std::string listing,
                    time_point deadline, then<done> on_done)
      : way_(std::move(way)), name_(std::move(name)), creation_(std::move(creation)),
        listing_(std::move(listing)), deadline_(deadline), on_done_(std::move(on_done)) {}

  void look() {
    list([this](network_ids found) { found.empty() ? create() : keep_one(std::move(found)); });
  }

private:
  void list(std::function<void(network_ids)> go_on) {
    auto listed = [self = shared_from_this(), go_on = std::move(go_on)](result<reply> answer) {
      if (!answer)
        return self->on_done_(std::move(answer.error()));
      if (answer->status >= 400)
        return self->on_done_(refusal(engine_call::other, answer->status, answer->body));
      auto ids = decode_network_ids(answer->body, self->name_);
      if (!ids)
        return self->on_done_(std::move(ids.error()));
      go_on(std::move(*ids));
    };
    way_->ask({"GET", listing_, {}, deadline_}, std::move(listed));
  }

  void create() {
    auto created = [self = shared_from_this()](result<reply> answer) {
      if (!answer)
        return self->on_done_(std::move(answer.error()));
      bool exists = answer->status == 409;
      if (answer->status >= 400 && !exists)
        return self->on_done_(refusal(engine_call::other, answer->status, answer->body));
      self->list([self](network_ids found) { self->keep_one(std::move(found)); });
    };
    way_->ask({"POST", std::string(api_prefix) + "/networks/create", creation_, deadline_},
              std::move(created));
  }

  /// Whoever finds several keeps the same one, the one of the smallest id.
  void keep_one(network_ids found) {
    if (found.empty())
      return on_done_({ec::network_not_found, "somebody removes the network " + name_ + " again"});
    std::sort(found.begin(), found.end());
    found.erase(found.begin());
    remove(std::move(found));
  }

  void remove(network_ids extra) {
    if (extra.empty())
      return on_done_(done{});
    auto target = object_target("networks", extra.back(), "");
    if (!target)
      return on_done_(std::move(target.error()));
    extra.pop_back();
    auto removed = [self = shared_from_this(), extra = std::move(extra)](result<done> outcome) {
      if (!outcome && outcome.error().code != ec::network_not_found) // somebody else removed it
        return self->on_done_(std::move(outcome));
      self->remove(extra);
    };
    way_->ask({"DELETE", std::move(*target), {}, deadline_},
              decoded<done>(engine_call::other, decode_nothing, std::move(removed)));
  }

  std::shared_ptr<channel> way_;
  std::string name_;
  std::string creation_;
  std::string listing_;
  time_point deadline_;
  then<done> on_done_;
};

} // namespace

void start_ensure_network(std::shared_ptr<channel> way, const std::string& name, bool apart,
                          time_point deadline, then<done> on_done) {
  auto creation = encode_network(name, apart);
  if (!creation)
    return on_done(std::move(creation.error()));
  auto listing = std::string(api_prefix) + "/networks?filters=" + *encode_filters({{"name", name}});
  std::make_shared<network_assurance>(std::move(way), name, std::move(*creation), std::move(listing),
                                      deadline, std::move(on_done))
      ->look();
}

void start_connect_network(std::shared_ptr<channel> way, const std::string& name,
                           const std::string& container, time_point deadline, then<done> on_done) {
  auto target = object_target("networks", name, "/connect");
  auto body = encode_connection(container);
  if (!target || !body)
    return on_done(std::move(target ? body.error() : target.error()));
  auto connected = [way, name, container, deadline, on_done = std::move(on_done)](result<reply> answer) {
    if (!answer)
      return on_done(std::move(answer.error()));
    if (answer->status < 400)
      return on_done(done{});
    auto refused = refusal(engine_call::container, answer->status, answer->body);
    auto looked = [name, on_done, refused = std::move(refused)](const result<container_state>& found) {
      bool is_in = found && found->ip_addresses.count(name) != 0;
      on_done(is_in ? result<done>(done{}) : result<done>(refused));
    };
    way->ask({"GET", *object_target("containers", container, "/json"), {}, deadline},
             decoded<container_state>(engine_call::container, decode_container, std::move(looked)));
  };
  way->ask({"POST", std::move(*target), std::move(*body), deadline}, std::move(connected));
}

} // namespace opr::docker
