#include "http/api/executor_api.hpp"

#include "http/api/answer/encode.hpp"
#include "http/api/answer/log_stream.hpp"
#include "http/api/decode.hpp"
#include "http/api/executions.hpp"
#include "http/api/handling.hpp"
#include "http/api/routes.hpp"
#include "http/common/authorization.hpp"

namespace opr::http {

namespace {

const char* const runtime_id_rule =
    "Parameter \"runtimeId\" must match ^[A-Za-z0-9][A-Za-z0-9_.-]*$ and be 1 to 64 characters long.";

bool has_key(const request& in, const std::string& secret) {
  const auto* header = find_header(in.headers, "authorization");
  return header != nullptr && is_authorised(*header, secret);
}

void create_runtime(const context_ptr& with, request_body&& body, responder out) {
  auto read = decode_creation(std::move(body), with->rules);
  if (!read)
    return out.send(refusal(read.error(), *with));
  auto first_generation = read->version == generation::v2 || !read->commands.empty();
  asked by{"POST", "/v1/runtimes", read->runtime_id};
  auto reply = [with, by = std::move(by), out, first_generation](result<created_runtime> made) mutable {
    out.send(made ? encode_created(*made, first_generation) : refusal(made.error(), *with, by));
  };
  caf::anon_send(with->supervisor, atom::create_v,
                 std::make_shared<creation_call>(std::move(*read), std::move(reply)));
}

void delete_runtime(const context_ptr& with, std::string id, responder out) {
  auto reply = [with, by = asked{"DELETE", "/v1/runtimes/{runtimeId}", id},
                out](result<done> removed) mutable {
    out.send(removed ? response{200, {}, {}} : refusal(removed.error(), *with, by));
  };
  caf::anon_send(with->supervisor, atom::remove_v,
                 std::make_shared<removal_call>(std::move(id), std::move(reply)));
}

void run_command(const context_ptr& with, request_body&& body, std::string id, responder out) {
  asked by{"POST", "/v1/runtimes/{runtimeId}/commands", id};
  auto read = decode_command(std::move(body), std::move(id));
  if (!read)
    return out.send(refusal(read.error(), *with));
  auto reply = [with, by = std::move(by), out](result<std::string> output) mutable {
    out.send(output ? encode_command(*output) : refusal(output.error(), *with, by));
  };
  with->run_command(std::make_shared<command_call>(std::move(*read), std::move(reply)));
}

void follow_log(const context_ptr& with, const request& in, std::string id, responder out) {
  auto timeout = decode_follow(in.target);
  if (!timeout)
    return out.send(refusal(timeout.error(), *with));
  if (in.method == "HEAD")
    return out.send(encode_log_head());
  auto sink = std::make_shared<log_stream>(std::move(out));
  auto reply = [with, by = asked{"GET", "/v1/runtimes/{runtimeId}/logs", id}, sink](result<done> ended) {
    ended ? sink->finish() : sink->fail(refusal(ended.error(), *with, by));
  };
  with->follow(std::make_shared<follow_call>(std::move(id), clock::now() + *timeout, sink, std::move(reply)));
}

/// Probes of the first generation want text.
bool wants_text(const request& in) {
  const auto* accept = find_header(in.headers, "accept");
  return accept != nullptr && same_header(accept->substr(0, 10), "text/plain");
}

response plain_ok() { return {200, {{"Content-Type", "text/plain"}}, "OK"}; }

const char* const ending = "The executor is shutting down.";

/// Why no work should be sent here; empty: it may be.
const char* trouble_of(const api_context& with) {
  if (with.work->closed())
    return ending;
  return with.engine_answers() ? "" : "The Docker Engine can't be reached.";
}

response readiness(const api_context& with) {
  const std::string_view trouble = trouble_of(with);
  return trouble.empty() ? plain_ok()
                         : encode_error({ec::general_unavailable, std::string{trouble}}, with.development);
}

response health(const api_context& with, const request& in) {
  const std::string_view trouble = trouble_of(with);
  if (trouble.empty() && wants_text(in))
    return plain_ok();
  if (!has_key(in, with.secret))
    return encode_health(trouble, nullptr);
  auto usage = with.usage();
  return encode_health(trouble, &usage);
}

} // namespace

void executor_api::handle(request&& in, responder out) const {
  auto refuse = [this, &out](const failure& why) { out.send(refusal(why, *context_)); };
  if (needs_key(in.target) && !has_key(in, context_->secret))
    return refuse({ec::general_unauthorized, {}});
  auto route = match_route(in.method, in.target);
  if (is_work(route.to)) {
    auto place = context_->work->enter();
    if (!place)
      return refuse({ec::general_unavailable, ending});
    out.hold(std::move(place));
  }
  switch (route.to) {
  case endpoint::none:
    return refuse({ec::general_route_not_found, {}});
  case endpoint::other_method: {
    auto answer = encode_error({ec::general_method_not_allowed, {}}, context_->development);
    answer.headers.push_back({"Allow", route.allow});
    return out.send(std::move(answer));
  }
  case endpoint::invalid_runtime_id:
    return refuse({ec::general_argument_invalid, runtime_id_rule});
  case endpoint::live:
    return out.send(plain_ok());
  case endpoint::ready:
    return out.send(readiness(*context_));
  case endpoint::health:
    return out.send(health(*context_, in));
  case endpoint::list_runtimes:
    return out.send(encode_runtimes(context_->runtimes.list()));
  case endpoint::get_runtime: {
    auto found = context_->runtimes.find(route.runtime_id);
    return found ? out.send(encode_runtime(*found)) : refuse({ec::runtime_not_found, {}});
  }
  case endpoint::delete_runtime:
    return delete_runtime(context_, std::move(route.runtime_id), std::move(out));
  case endpoint::create_runtime:
    return where_it_fits(*context_, take_body(in), [with = context_, out](request_body&& body) {
      create_runtime(with, std::move(body), out);
    });
  case endpoint::create_execution:
  case endpoint::create_first_execution:
    return create_execution(context_, std::move(in), std::move(route.runtime_id), std::move(out));
  case endpoint::run_command:
    return where_it_fits(*context_, take_body(in),
                         [with = context_, out, id = std::move(route.runtime_id)](request_body&& body) {
                           run_command(with, std::move(body), id, out);
                         });
  case endpoint::follow_log:
    return follow_log(context_, in, std::move(route.runtime_id), std::move(out));
  }
}

} // namespace opr::http
