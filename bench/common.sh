# shellcheck shell=bash
# What the benchmarks share; each sources it first. What they start ends with them, the last first, and leaves nothing
# behind.
# shellcheck disable=SC2034 # Some of what is set here is for them alone.
# shellcheck source-path=SCRIPTDIR/../tools
source "$(dirname "${BASH_SOURCE[0]}")/../tools/common.sh"
source tools/engine.sh

network=opr-bench-$(basename "$0")
readonly rounds=9 # Of loads that are compared.
readonly key=bench network
work=
programs=()
started= # pid of what was started last

finish() {
  local status=$? pid
  trap '' INT TERM
  for pid in "${programs[@]}"; do stop_process "$pid" INT 60 || true; done
  engine "/networks/$network" -X DELETE >/dev/null 2>&1 || true
  [ -z "$work" ] || rm -rf "$work"
  stop_engine
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# set_up TARGET...: packages, an Engine, the images, these programs built, and the folder $work.
set_up() {
  tools/setup bench
  start_engine
  tools/images
  tools/build release "$@"
  work=$(mktemp -d /tmp/opr-bench-XXXXXX)
}

# start_process COMMAND...: starts a program in a process group of its own.
start_process() {
  set -m
  "$@" </dev/null &
  started=$!
  set +m
  programs=("$started" "${programs[@]}")
}

# start NAME COMMAND...: starts an executor or a proxy and waits until it listens.
start() {
  local name=$1
  shift
  start_process "$@" 2>"$work/$name.log"
  until grep -q ' listens on ' "$work/$name.log"; do
    kill -0 "$started" 2>/dev/null || die "$name ended: $(cat "$work/$name.log")"
    sleep 0.02
  done
}

# start_executor PORT [SETTING...]: with these lines of settings beside the usual ones; its address is in $api.
start_executor() {
  mkdir "$work/data"
  printf '%s\n' "{address: 127.0.0.1, port: $1, hostname: $network, secret: $key, network: [$network]," \
    "data_dir: $work/data, inactive_threshold: 3600" "${@:2}" "}" >"$work/executor.yaml"
  start executor build/executor --config "$work/executor.yaml"
  executor=$started
  api=http://127.0.0.1:$1
}

# start_nginx PORT UPSTREAM: as it is recommended for keep-alive upstreams, with as many workers as processors.
start_nginx() {
  cat >"$work/nginx.conf" <<EOT
worker_processes auto;
pid $work/nginx.pid;
error_log $work/nginx.log;
daemon off;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  upstream runtime { server $2; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$1 backlog=4096;
    location / { proxy_pass http://runtime; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
EOT
  start_process nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null
  until curl --silent --noproxy '*' "http://127.0.0.1:$1/" >/dev/null; do
    kill -0 "$started" 2>/dev/null || die "nginx ended: $(cat "$work/nginx.log")"
    sleep 0.02
  done
}

# call PATH [curl option...]: one call of the executor's API; fails when its answer is an error.
call() {
  curl --silent --show-error --fail --noproxy '*' --max-time 300 --header "authorization: Bearer $key" "$api$1" "${@:2}"
}

# address_of RUNTIME: its container's IP address.
address_of() {
  engine "/containers/$network-$1/json" |
    jq -r --arg network "$network" '.NetworkSettings.Networks[$network].IPAddress'
}

# memory_kb PID NAME: a line of its /proc/PID/status.
memory_kb() { sed -n "s/^$2:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$1/status"; }

# ticks PID: processor time of a process and its children so far, in clock ticks.
ticks() {
  local pid sum=0
  for pid in "$1" $(pgrep -P "$1" || true); do
    sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')))
  done
  echo "$sum"
}

# ratio_of FILE REFERENCE: the median of each round's own ratio of the rates in the first columns, so that what the
# machine does otherwise counts for both.
ratio_of() { median_of 1 <(paste -d' ' <(cut -d' ' -f1 "$1") <(cut -d' ' -f1 "$2") | awk '{ print $1 / $2 }'); }

# median_of COLUMN FILE
median_of() { sort -n -k "$1,$1" "$2" | awk -v n="$1" '{ v[NR] = $n } END { print v[int((NR + 1) / 2)] }'; }
