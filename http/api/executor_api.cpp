#include "http/api/executor_api.hpp"

#include "http/api/authorization.hpp"
#include "http/api/decode.hpp"
#include "http/api/encode.hpp"
#include "http/api/routes.hpp"

#include <spdlog/spdlog.h>

namespace opr::http {

namespace {

/// Larger bodies are decoded by a worker: parsing them would hold up all other connections.
constexpr std::size_t decode_inline_below = 256 * 1024;

const char* const runtime_id_rule =
    "Parameter \"runtimeId\" must match ^[A-Za-z0-9][A-Za-z0-9_.-]*$ and be 1 to 64 characters long.";

using context_ptr = std::shared_ptr<const api_context>;

bool has_key(const request& in, const std::string& secret) {
  const auto* header = find_header(in.headers, "authorization");
  return header != nullptr && is_authorised(*header, secret);
}

void refuse(const failure& why, bool development, responder out) {
  if (why.code == ec::general_unknown || why.code == ec::none)
    spdlog::error("a request failed unexpectedly: {}", why.detail);
  out.send(encode_error(why, development));
}

void create_runtime(const context_ptr& with, std::string body, responder out) {
  auto development = with->development;
  auto read = decode_creation(std::move(body), with->versions);
  if (!read)
    return refuse(read.error(), development, std::move(out));
  auto first_generation = read->version == generation::v2;
  auto reply = [development, out, first_generation](result<created_runtime> made) mutable {
    made ? out.send(encode_created(*made, first_generation)) : refuse(made.error(), development, out);
  };
  caf::anon_send(with->supervisor, atom::create_v,
                 std::make_shared<creation_call>(std::move(*read), std::move(reply)));
}

void delete_runtime(const context_ptr& with, std::string id, responder out) {
  auto reply = [development = with->development, out](result<done> removed) mutable {
    removed ? out.send({200, {}, {}}) : refuse(removed.error(), development, out);
  };
  caf::anon_send(with->supervisor, atom::remove_v,
                 std::make_shared<removal_call>(std::move(id), std::move(reply)));
}

template <class Encode>
void start(const context_ptr& with, execution_request&& what, time_point arrived, responder out,
           Encode encode) {
  auto reply = [development = with->development, out, encode](result<execution_result> answer) mutable {
    answer ? out.send(encode(*answer)) : refuse(answer.error(), development, out);
  };
  auto call = std::make_shared<execution_call>(std::move(what), arrived, std::move(reply));
  call->abandoned = [out] { return out.gone(); };
  with->execute(std::move(call));
}

/// @param id Empty: the first generation's request, which names its runtime in the body.
void execute(const context_ptr& with, std::string body, const std::string& id, time_point arrived,
             responder out) {
  auto first_generation = id.empty();
  auto read = first_generation ? decode_first_execution(std::move(body), with->versions)
                               : decode_execution(std::move(body), id, with->versions);
  if (!read)
    return refuse(read.error(), with->development, std::move(out));
  auto encode = [first_generation, development = with->development](const execution_result& answer) {
    return first_generation ? encode_first_execution(answer) : encode_execution(answer, development);
  };
  start(with, std::move(*read), arrived, std::move(out), encode);
}

/// Does something with a body here, or where a large one holds nobody up.
template <class F>
void where_it_fits(const context_ptr& with, std::string&& body, F what) {
  if (body.size() < decode_inline_below)
    return what(std::move(body));
  auto large = std::make_shared<std::string>(std::move(body));
  with->run_short([large, what = std::move(what)]() mutable { what(std::move(*large)); });
}

/// Probes of the first generation want text.
bool wants_text(const request& in) {
  const auto* accept = find_header(in.headers, "accept");
  return accept != nullptr && accept->compare(0, 10, "text/plain") == 0;
}

response health(const api_context& with, const request& in) {
  auto answers = with.engine_answers();
  if (answers && wants_text(in))
    return {200, {{"Content-Type", "text/plain"}}, "OK"};
  return encode_health(answers ? "" : "The Docker Engine can't be reached.");
}

} // namespace

void executor_api::handle(request&& in, responder out) const {
  auto development = context_->development;
  if (needs_key(in.target) && !has_key(in, context_->secret))
    return refuse({ec::general_unauthorized, {}}, development, std::move(out));
  auto route = match_route(in.method, in.target);
  switch (route.to) {
  case endpoint::none:
    return refuse({ec::general_route_not_found, {}}, development, std::move(out));
  case endpoint::other_method: {
    auto answer = encode_error({ec::general_method_not_allowed, {}}, development);
    answer.headers.push_back({"Allow", route.allow});
    return out.send(std::move(answer));
  }
  case endpoint::invalid_runtime_id:
    return refuse({ec::general_argument_invalid, runtime_id_rule}, development, std::move(out));
  case endpoint::health:
    return out.send(health(*context_, in));
  case endpoint::list_runtimes:
    return out.send(encode_runtimes(context_->runtimes.list()));
  case endpoint::get_runtime: {
    auto found = context_->runtimes.find(route.runtime_id);
    return found ? out.send(encode_runtime(*found))
                 : refuse({ec::runtime_not_found, {}}, development, std::move(out));
  }
  case endpoint::delete_runtime:
    return delete_runtime(context_, std::move(route.runtime_id), std::move(out));
  case endpoint::create_runtime:
    return where_it_fits(context_, std::move(in.body), [with = context_, out](std::string body) {
      create_runtime(with, std::move(body), out);
    });
  case endpoint::create_execution:
  case endpoint::create_first_execution:
    return where_it_fits(context_, std::move(in.body),
                         [with = context_, out, id = std::move(route.runtime_id), arrived = clock::now()](
                             std::string body) { execute(with, std::move(body), id, arrived, out); });
  }
}

} // namespace opr::http
