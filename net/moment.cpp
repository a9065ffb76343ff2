#include "net/moment.hpp"

#include "net/loop/loop.hpp"

#include <algorithm>
#include <utility>

namespace opr::net {

namespace {

class moment final : public addressee, public resident, private deadline {
public:
  moment(loop& shared, time_point when, then<done> then_do)
      : addressee(shared.tasks), shared_(shared), when_(when), then_do_(std::move(then_do)) {}

  void launch() {
    if (!signal(launched))
      std::exchange(then_do_, nullptr)({ec::cancelled, "the I/O thread has stopped"});
  }

private:
  enum : unsigned { launched = 1 };

  void on_signals(unsigned) override {
    shared_.residents.insert(self());
    shared_.alarm.set(*this, when_);
  }
  void on_stop() override { end({ec::cancelled, "the I/O thread stops"}); }
  void on_deadline() override { end(done{}); }

  std::shared_ptr<moment> self() { return std::static_pointer_cast<moment>(shared_from_this()); }

  void end(result<done> how) {
    auto alive = self();
    take_back();
    shared_.residents.erase(alive);
    std::exchange(then_do_, nullptr)(std::move(how));
  }

  loop& shared_;
  const time_point when_;
  then<done> then_do_;
};

} // namespace

void await_moment(io_threads& io, time_point when, then<done> then_do) {
  auto here = std::min(io_threads::current(), io.count() - 1);
  std::make_shared<moment>(io.shared(here), when, std::move(then_do))->launch();
}

} // namespace opr::net
