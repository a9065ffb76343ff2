#include "docker/calls/image.hpp"

#include "core/percent.hpp"
#include "docker/wire/decode.hpp"
#include "docker/wire/encode.hpp"
#include "docker/wire/lines.hpp"
#include "docker/wire/target.hpp"

#include <utility>

namespace opr::docker {

namespace {

constexpr std::size_t max_line = 1UL << 20U;

/// Takes a pull's stream apart; the first error that it tells ends it.
class pull_reader {
public:
  explicit pull_reader(std::function<void(std::string_view)> on_progress)
      : on_progress_(std::move(on_progress)) {}

  failure take(std::string_view piece) {
    failure why{ec::none, {}};
    bool fed = lines_.feed(piece, [&](std::string_view line) {
      why = read(line);
      return why.code == ec::none;
    });
    if (!fed && why.code == ec::none)
      why = {ec::engine_failed, "the Docker Engine sends a line about a pull that is too long"};
    return why;
  }

private:
  failure read(std::string_view line) const {
    auto message = decode_pull_message(line);
    if (!message)
      return std::move(message.error());
    if (!message->error.empty())
      return {ec::engine_failed, std::move(message->error)};
    if (!message->text.empty() && on_progress_)
      on_progress_(message->text);
    return {ec::none, {}};
  }

  line_splitter lines_{max_line};
  std::function<void(std::string_view)> on_progress_;
};

} // namespace

void look_for_image(channel& way, const image_reference& image, time_point deadline, then<bool> on_done) {
  auto answered = [on_done = std::move(on_done)](result<reply> answer) {
    if (!answer)
      return on_done(std::move(answer.error()));
    if (answer->status == 404)
      return on_done(false);
    if (answer->status >= 400)
      return on_done(refusal(engine_call::image, answer->status, answer->body));
    on_done(true);
  };
  way.ask({"GET", std::string(api_prefix) + "/images/" + image.full() + "/json", {}, deadline},
          std::move(answered));
}

void take_image_away(channel& way, const image_reference& image, time_point deadline, then<done> on_done) {
  auto answered = [on_done = std::move(on_done)](result<reply> answer) {
    if (!answer)
      return on_done(std::move(answer.error()));
    if (answer->status == 404 || answer->status < 400)
      return on_done(done{});
    on_done(answer->status == 409 ? failure{ec::container_conflict, "a container uses the image"}
                                  : refusal(engine_call::image, answer->status, answer->body));
  };
  way.ask({"DELETE", std::string(api_prefix) + "/images/" + image.full(), {}, deadline}, std::move(answered));
}

void start_pull(channel& way, const image_reference& image, const registry_login& login, time_point deadline,
                std::function<void(std::string_view)> on_progress, then<done> on_done) {
  auto auth = encode_login(login);
  if (!auth)
    return on_done(std::move(auth.error()));
  // Without a version the Engine would fetch every tag there is.
  auto target = std::string(api_prefix) + "/images/create?fromImage=" + percent_encoded(image.name()) +
                "&tag=" + percent_encoded(image.version);
  stream_handler handler;
  handler.on_piece = [reader = pull_reader(std::move(on_progress))](std::string_view piece) mutable {
    return reader.take(piece);
  };
  handler.on_end = [on_done = std::move(on_done)](failure why) {
    on_done(why.code == ec::none ? result<done>(done{}) : result<done>(std::move(why)));
  };
  way.stream(engine_call::image, {"POST", std::move(target), {}, deadline, std::move(*auth)},
             std::move(handler));
}

} // namespace opr::docker
