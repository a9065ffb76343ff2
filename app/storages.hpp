#pragma once

#include "config/settings.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "storage/device.hpp"
#include "storage/workers.hpp"

#include <memory>

namespace opr::app {

/// Where an executor keeps things.
struct storages {
  std::unique_ptr<storage::device> archives;
  std::unique_ptr<storage::device> build_caches; ///< Nothing: with the archives.
};

/// Opens what the settings say; a folder for copies of archives that can't be used is only warned of.
/// @param client,io,files Outlive the storages.
/// @returns `ec::general_argument_invalid` for a DSN that is none.
result<storages> open_storages(const config::executor_settings& settings, net::http_client& client,
                               net::io_threads& io, storage::workers& files);

} // namespace opr::app
