#include "config/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace opr::config {

namespace {

constexpr std::size_t longest_shown = 64;

/// Levenshtein's distance: how many letters to insert, remove or replace.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (char letter : from) {
    auto diagonal = row[0]++;
    for (std::size_t i = 0; i < to.size(); ++i) {
      auto replaced = diagonal + (letter == to[i] ? 0 : 1);
      diagonal = row[i + 1];
      row[i + 1] = std::min({replaced, row[i] + 1, row[i + 1] + 1});
    }
  }
  return row.back();
}

} // namespace

std::string_view nearest_key(std::string_view word, const std::vector<setting>& rows) {
  if (word.size() > longest_shown)
    return {};
  std::string_view best;
  auto limit = word.size() / 3 + 2; // Two letters that changed places are two steps.
  for (const auto& row : rows) {
    auto away = distance(word, row.key);
    if (away < limit) {
      limit = away;
      best = row.key;
    }
  }
  return best;
}

std::string shown(std::string_view word) {
  std::string out(word.substr(0, longest_shown));
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return "'" + out + (word.size() > longest_shown ? "…'" : "'");
}

} // namespace opr::config
