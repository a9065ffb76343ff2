# shellcheck shell=bash
# What all the scripts share; each sources it first.
# shellcheck disable=SC2016 # $ in single quotes is jq's and dpkg's.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() {
  if [ -t 1 ]; then
    printf '\033[1m== %s\033[0m\n' "$*"
  else
    printf '== %s\n' "$*"
  fi
}

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Runs a command as the one who typed sudo, so that what it builds isn't root's.
as_user() {
  if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ]; then
    runuser -u "$SUDO_USER" -- "$@"
  else
    "$@"
  fi
}

# missing_packages PACKAGE...: those that aren't installed.
missing_packages() {
  dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    sed -n 's/ installed$//p' | sort -u | comm -13 - <(printf '%s\n' "$@" | sort -u)
}

# install_packages PACKAGE...: installs what is missing of these Debian packages; says so only when there is anything.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing Debian packages: ${missing[*]}"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 --yes --no-install-recommends \
    install "${missing[@]}" >/dev/null
}

# stop_process PID SIGNAL SECONDS: ends a child of this shell and waits for it; the hard way after that time.
# @returns The child's exit status.
stop_process() {
  local tenths=$(($3 * 10))
  kill -s "$2" "$1" 2>/dev/null || true
  while kill -0 "$1" 2>/dev/null && [ $((tenths--)) -gt 0 ]; do
    sleep 0.1
  done
  kill -s KILL "$1" 2>/dev/null || true
  wait "$1"
}

docker_host=${DOCKER_HOST:-unix:///var/run/docker.sock}

# engine PATH [curl option...]: one call to the Docker Engine's API; fails when the Engine says so. Works without a
# docker command and with every Engine version, because unversioned paths mean the Engine's own version.
engine() {
  local path=$1
  shift
  case $docker_host in
    unix://*) set -- --unix-socket "${docker_host#unix://}" "$@" "http://docker$path" ;;
    tcp://*) set -- "$@" "http://${docker_host#tcp://}$path" ;;
    *) die "DOCKER_HOST is neither unix:// nor tcp://: $docker_host" ;;
  esac
  curl --silent --show-error --fail-with-body --noproxy '*' "$@"
}

engine_answers() { engine /_ping --max-time 5 >/dev/null 2>&1; }

# query NAME=VALUE...: the same, encoded, as the query of a path.
query() { jq -rn --args '$ARGS.positional | map(split("=") | .[0] + "=" + (.[1:] | join("=") | @uri)) | join("&")' "$@"; }
