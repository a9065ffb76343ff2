#include "storage/s3/place.hpp"

#include "core/percent.hpp"
#include "storage/files/path.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace opr::storage {

namespace {

struct provider {
  std::string_view scheme;
  std::string_view before_region; ///< The endpoint is these two with the region between.
  std::string_view behind_region;
};

constexpr std::array<provider, 5> providers{{
    {"s3", "s3.", ".amazonaws.com"},
    {"do-spaces", "", ".digitaloceanspaces.com"},
    {"backblaze", "s3.", ".backblazeb2.com"},
    {"linode", "", ".linodeobjects.com"},
    {"wasabi", "s3.", ".wasabisys.com"},
}};

constexpr size_t longest_key = 1024;

failure invalid(const std::string& what) {
  return {ec::general_argument_invalid, "the storage's DSN has " + what};
}

bool starts_with(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

std::string_view without_slashes(std::string_view text) {
  while (!text.empty() && text.front() == '/')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == '/')
    text.remove_suffix(1);
  return text;
}

/// Fit for a host name, or a part of one, and for a region.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool is_ip_address(const std::string& host) {
  boost::system::error_code is_name;
  boost::asio::ip::make_address(host, is_name);
  return !is_name;
}

/// `host`, `host:port` or `[v6]:port`.
std::optional<failure> read_server(std::string_view text, net::address& into) {
  auto bracket = starts_with(text, "[") ? text.find(']') : std::string_view::npos;
  auto host =
      bracket != std::string_view::npos ? text.substr(1, bracket - 1) : text.substr(0, text.find(':'));
  auto rest = text.substr(bracket != std::string_view::npos ? bracket + 1 : host.size());
  into.host = host;
  if (bracket == std::string_view::npos ? !is_name(host) : !is_ip_address(into.host))
    return invalid("a host that is no name and no IP address");
  into.port = into.tls ? 443 : 80;
  if (rest.empty())
    return std::nullopt;
  rest.remove_prefix(1);
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), into.port);
  if (error != std::errc{} || end != rest.data() + rest.size() || into.port == 0)
    return invalid("a port that is no number from 1 to 65535");
  return std::nullopt;
}

/// What `url` says: `[http[s]://]host[:port][/path]`.
std::optional<failure> read_endpoint(std::string_view url, bool insecure, s3_place& into) {
  into.server.tls = !insecure;
  for (std::string_view scheme : {"https://", "http://"})
    if (starts_with(url, scheme)) {
      into.server.tls = scheme == "https://";
      into.server.insecure = into.server.tls && insecure;
      url.remove_prefix(scheme.size());
      break;
    }
  auto slash = std::min(url.find('/'), url.size());
  if (auto path = without_slashes(url.substr(slash)); !path.empty())
    into.base_path = "/" + percent_encoded(path, "/");
  into.path_style = true;
  return read_server(url.substr(0, slash), into.server);
}

/// Virtual-hosted style at a host, where that can be.
std::optional<failure> read_host(std::string_view host, bool insecure, s3_place& into) {
  into.server.tls = !insecure;
  if (auto why = read_server(host, into.server))
    return why;
  auto& name = into.server.host;
  auto no_certificate = into.server.tls && into.bucket.find('.') != std::string::npos;
  into.path_style = is_ip_address(name) || no_certificate;
  if (!into.path_style && !starts_with(name, into.bucket + "."))
    name = into.bucket + "." + name;
  return std::nullopt;
}

std::string provider_host(std::string_view scheme, const std::string& region) {
  auto one =
      std::find_if(providers.begin(), providers.end(), [&](const auto& p) { return p.scheme == scheme; });
  auto host = std::string(one->before_region) + region + std::string(one->behind_region);
  return scheme == "s3" && starts_with(region, "cn-") ? host + ".cn" : host;
}

struct parameters {
  std::string region;
  std::string url;
  bool insecure = false;
  bool opaque_etags = false;
  upload_rules uploads;
};

/// Of MiB. @returns 0 if that is no number from 5, the least of a part, to 5120, the most of one request.
uint64_t threshold_of(const std::string& text) {
  uint64_t megabytes = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, megabytes);
  auto is_one = read.ec == std::errc{} && read.ptr == end && megabytes >= 5 && megabytes <= 5120;
  return is_one ? megabytes << 20U : 0;
}

result<parameters> read_parameters(std::string_view text) {
  auto query = decode_query(text);
  if (!query)
    return invalid("parameters with " + query.error().detail);
  parameters out;
  for (auto& [name, value] : *query) {
    if (name == "region")
      out.region = std::move(value);
    else if (name == "url")
      out.url = std::move(value);
    else if (name == "insecure" && (value == "true" || value == "false"))
      out.insecure = value == "true";
    else if (name == "etag" && (value == "md5" || value == "opaque"))
      out.opaque_etags = value == "opaque";
    else if (name == "multipart_threshold" && threshold_of(value) != 0)
      out.uploads.single_up_to = threshold_of(value);
    else if (name != "acl") // of other implementations; objects here are private
      return invalid("a parameter that isn't region, url, insecure=true|false, etag=md5|opaque or "
                     "multipart_threshold=5 to 5120");
  }
  if (!out.region.empty() && !is_name(out.region))
    return invalid("a region that is none");
  return out;
}

std::optional<failure> read_login(std::string_view text, s3_place& into) {
  auto colon = text.find(':');
  auto key = percent_decoded(text.substr(0, colon));
  auto secret = percent_decoded(colon == std::string_view::npos ? "" : text.substr(colon + 1));
  if (!key || !secret || key->empty() || secret->empty())
    return invalid("no KEY:SECRET, percent-encoded, before an @");
  auto is_bad = [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == ',' || c == '/'; };
  if (std::any_of(key->begin(), key->end(), is_bad))
    return invalid("a KEY with characters that no access key has");
  into.access_key = std::move(*key);
  into.secret = std::move(*secret);
  return std::nullopt;
}

std::optional<failure> read_bucket(std::string_view path, s3_place& into) {
  path = without_slashes(path);
  auto slash = std::min(path.find('/'), path.size());
  into.bucket = path.substr(0, slash);
  into.prefix = without_slashes(path.substr(slash));
  if (!into.bucket.empty() && !is_name(into.bucket))
    return invalid("a bucket whose name is none");
  if (!into.prefix.empty() && key_fault(into.prefix))
    return invalid("a prefix that is no key");
  return std::nullopt;
}

/// Leaves the port out where it's the scheme's own.
std::string host_field(const net::address& server) {
  auto name = server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
  return server.port == (server.tls ? 443 : 80) ? name : name + ":" + std::to_string(server.port);
}

} // namespace

result<s3_place> parse_s3_place(std::string_view scheme, std::string_view text) {
  s3_place out;
  auto question = std::min(text.find('?'), text.size());
  auto with = read_parameters(text.substr(std::min(question + 1, text.size())));
  if (!with)
    return std::move(with.error());
  text = text.substr(0, question);
  auto at = text.rfind('@');
  if (auto why = read_login(at == std::string_view::npos ? "" : text.substr(0, at), out))
    return std::move(*why);
  text.remove_prefix(at + 1);
  auto slash = std::min(text.find('/'), text.size());
  if (auto why = read_bucket(text.substr(slash), out))
    return std::move(*why);
  auto host = std::string(text.substr(0, slash));
  auto is_provider = with->url.empty() && (host.empty() || host == "localhost");
  if (out.bucket.empty() && with->url.empty())
    return invalid("no bucket");
  if (is_provider && with->region.empty() && scheme != "s3")
    return invalid("no region");
  out.region = with->region.empty() ? "us-east-1" : with->region;
  out.trusts_etags = !with->opaque_etags;
  out.uploads = with->uploads;
  auto wrong = !with->url.empty()
                   ? read_endpoint(with->url, with->insecure, out)
                   : read_host(is_provider ? provider_host(scheme, out.region) : host, with->insecure, out);
  if (wrong)
    return std::move(*wrong);
  out.host = host_field(out.server);
  return out;
}

std::string path_of(const s3_place& where, std::string_view key) {
  auto path = where.base_path;
  if (where.path_style && !where.bucket.empty())
    path += "/" + percent_encoded(where.bucket);
  if (!where.prefix.empty())
    path += "/" + percent_encoded(where.prefix, "/");
  return path + "/" + percent_encoded(key, "/");
}

std::optional<failure> key_fault(std::string_view key) {
  if (key.size() > longest_key)
    return failure{ec::path_refused, "the key has more than 1024 bytes"};
  return path_fault(starts_with(key, "/") ? std::string(key) : "/" + std::string(key));
}

} // namespace opr::storage
