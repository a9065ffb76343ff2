#pragma once

#include "storage/local.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <string>

namespace opr::storage {

using namespace std::chrono_literals;

/// A local device whose calls are waited for.
struct waiting_device {
  workers pool{2};
  std::unique_ptr<device> files = make_local_device(pool);

  static time_point soon() { return clock::now() + 30s; }

  std::future<result<done>> fetch(const std::string& key, const std::string& to,
                                  time_point deadline = soon()) {
    auto told = std::make_shared<std::promise<result<done>>>();
    files->fetch(key, to, deadline, [told](result<done> outcome) { told->set_value(std::move(outcome)); });
    return told->get_future();
  }
  std::future<result<uint64_t>> store(const std::string& from, const std::string& key,
                                      time_point deadline = soon()) {
    auto told = std::make_shared<std::promise<result<uint64_t>>>();
    files->store(from, key, deadline,
                 [told](result<uint64_t> outcome) { told->set_value(std::move(outcome)); });
    return told->get_future();
  }
};

inline std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// How many files lie in a folder, hidden ones too.
inline long files_in(const std::string& path) {
  using iterator = std::filesystem::directory_iterator;
  return std::distance(iterator(path), iterator());
}

} // namespace opr::storage
