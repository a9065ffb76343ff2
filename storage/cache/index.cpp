#include "storage/cache/index.hpp"

#include "storage/s3/digest.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace opr::storage {

namespace {

constexpr size_t hash_digits = 40;
constexpr size_t longest_name = 200; // 255 less what a file in the making adds

std::string unhex(std::string_view digits) {
  std::string out;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned char byte = 0;
    auto end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, byte, 16).ptr != end)
      return {};
    out += static_cast<char>(byte);
  }
  return out;
}

} // namespace

std::string file_name_of(const cached_object& what) {
  auto name = what.key_hash + "-" + std::to_string(what.size) + "-" + hex(what.version);
  return name.size() <= longest_name && !what.version.empty() ? name : std::string{};
}

cached_object object_of(const std::string& file_name) {
  auto first = file_name.find('-');
  auto second = file_name.find('-', first + 1);
  if (first != hash_digits || second == std::string::npos)
    return {};
  cached_object out{file_name.substr(0, first), unhex(std::string_view(file_name).substr(second + 1)), 0};
  auto end = file_name.data() + second;
  auto read = std::from_chars(file_name.data() + first + 1, end, out.size);
  return read.ptr == end && file_name_of(out) == file_name ? out : cached_object{};
}

std::string hash_of_key(const std::string& key) { return hex(sha256(key)).substr(0, hash_digits); }

const cached_object* cache_index::find(const std::string& key_hash) const {
  auto found = by_key_.find(key_hash);
  return found == by_key_.end() ? nullptr : &*found->second;
}

void cache_index::touch(const std::string& key_hash) {
  auto found = by_key_.find(key_hash);
  if (found != by_key_.end())
    by_use_.splice(by_use_.begin(), by_use_, found->second);
}

void cache_index::vouch(const std::string& key_hash, time_point until) {
  auto found = by_key_.find(key_hash);
  if (found != by_key_.end())
    found->second->good_until = until;
}

std::vector<std::string> cache_index::put(cached_object what) {
  auto name = file_name_of(what);
  auto removed = drop(what.key_hash);
  if (removed == std::vector{name})
    removed.clear(); // the same file again
  bytes_ += what.size;
  by_use_.push_front(std::move(what));
  by_key_[by_use_.front().key_hash] = by_use_.begin();
  while (bytes_ > max_bytes_)
    for (auto& one : drop(by_use_.back().key_hash))
      removed.push_back(std::move(one));
  return removed;
}

std::vector<std::string> cache_index::drop(const std::string& key_hash) {
  auto found = by_key_.find(key_hash);
  if (found == by_key_.end())
    return {};
  std::vector<std::string> removed{file_name_of(*found->second)};
  bytes_ -= found->second->size;
  by_use_.erase(found->second);
  by_key_.erase(found);
  return removed;
}

std::vector<std::string> cache_index::clear() {
  std::vector<std::string> removed;
  for (const auto& one : by_use_)
    removed.push_back(file_name_of(one));
  by_use_.clear();
  by_key_.clear();
  bytes_ = 0;
  return removed;
}

} // namespace opr::storage
