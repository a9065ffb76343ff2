#pragma once

#include "actors/proxy/redis/unit.hpp"
#include "actors/proxy/view.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace opr::redis {

/// What this proxy has to tell the others, and what of it Redis may not know yet. Of several words on the
/// same thing only the last is written, so that it stays as large as what it speaks of, however long Redis is
/// away.
class own_state {
public:
  /// How many runtimes of an executor are told. A list that marks have filled starts over.
  static constexpr std::size_t most_runtimes = 10000;
  static constexpr std::size_t most_withdrawn = 1000;

  /// See `state_store`. Names that are none (`is_name`) are left out.
  void publish(const std::string& executor, executor_view what);
  void mark(const std::string& executor, const std::string& runtime_id, runtime_view what);
  void withdraw(const std::string& executor);

  bool has_news() const noexcept { return !news_.empty(); }
  /// What Redis may not know yet, to be written in this order; from then on it counts as known.
  std::vector<unit> take_news();
  /// Redis may have lost, or not got, any of it: all is news again.
  void tell_all_again();

private:
  struct known {
    bool is_published = false; ///< Its status is known, and its list is whole: not only marks.
    executor_view view;
  };
  struct news {
    bool is_whole = false;        ///< Status and list are to be written in place of what stands there.
    std::set<std::string> marked; ///< Else: these runtimes.
  };
  void add_units(const std::string& executor, const news& what, std::vector<unit>& to) const;

  std::map<std::string, known> known_;
  std::set<std::string> withdrawn_;
  std::map<std::string, news> news_;
};

} // namespace opr::redis
