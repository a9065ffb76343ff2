#pragma once

#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "storage/device.hpp"
#include "storage/s3/place.hpp"
#include "storage/workers.hpp"

#include <memory>

namespace opr::storage {

/// Storage in a bucket of a server that speaks S3. A key may have a slash in front, which is left out, so
/// that paths of local storage are keys here. What is stored replaces what has the key. Ends what is under
/// way with `ec::cancelled` when it goes.
/// @param io Outlives the device, or is stopped before, as does `pool`, which reads and writes local files.
std::unique_ptr<device> make_s3_device(net::http_client& http, net::io_threads& io, workers& pool,
                                       s3_place where);

} // namespace opr::storage
