#include "net/loop/loop.hpp"

namespace opr::net {

void loop::end() {
  tasks->close();
  while (!residents.empty()) {
    auto one = *residents.begin();
    residents.erase(residents.begin());
    one->on_stop();
  }
}

} // namespace opr::net
