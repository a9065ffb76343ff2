#include "docker/wire/refusal.hpp"

#include "docker/wire/decode.hpp"

namespace opr::docker {

namespace {

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

// Names and ids have no spaces, so that this is the Engine's own wording and nobody's container or image.
bool is_about_network(std::string_view message) noexcept {
  return (contains(message, "network ") && contains(message, " not found")) ||
         contains(message, "No such network");
}

ec not_found(engine_call call, std::string_view message) noexcept {
  if (is_about_network(message))
    return ec::network_not_found;
  if (call == engine_call::create || call == engine_call::image)
    return ec::image_not_found;
  return call == engine_call::container ? ec::container_not_found : ec::engine_failed;
}

ec meaning(engine_call call, int status, std::string_view message) noexcept {
  if (status == 404)
    return not_found(call, message);
  if (call == engine_call::create && status == 409)
    return ec::container_conflict;
  // An image name that can't be one is an image that can't be there.
  if (call == engine_call::create && status == 400 && contains(message, "invalid reference format"))
    return ec::image_not_found;
  return ec::engine_failed;
}

} // namespace

failure refusal(engine_call call, int status, std::string_view body) {
  auto message =
      decode_message(body).value_or("the Docker Engine answers with status " + std::to_string(status));
  return {meaning(call, status, message), std::move(message)};
}

failure no_answer(const failure& why, const std::string& where) {
  switch (why.code) {
  case ec::connect_failed:
    return {ec::engine_unreachable, "no Docker Engine answers at " + where + ": " + why.detail};
  case ec::connection_broken:
    return {ec::engine_unreachable, "the Docker Engine at " + where + " broke off: " + why.detail};
  case ec::deadline_passed:
  case ec::cancelled:
    return why;
  default:
    return {ec::engine_failed, "the Docker Engine at " + where + " answers badly: " + why.detail};
  }
}

} // namespace opr::docker
