# shellcheck shell=bash
# What the tests of images share. They set `name`, for all that Docker has of them, and `work`, a folder.
# shellcheck disable=SC2154

# build_image TAG [TARGET]: an image of the Dockerfile; on a closed network from a base of the machine's own packages.
build_image() {
  local base=debian:bookworm-slim
  if ! docker image inspect "$base" >/dev/null 2>&1; then
    tools/images debian
    base=opr-demo/debian:bookworm
  fi
  say "Building the image $1"
  docker build --quiet --network host --build-arg BASE="$base" --build-arg http_proxy --build-arg https_proxy \
    ${2:+--target "$2"} --tag "$1" . || die "the image can't be built"
}

# compose FILE ARGUMENT...: docker compose, of whichever version, for the project $name in the folder $work.
compose() {
  local file=$1
  shift
  if docker compose version >/dev/null 2>&1; then
    docker compose --project-name "$name" --project-directory "$work" --file "$file" "$@"
  else
    docker-compose --project-name "$name" --project-directory "$work" --file "$file" "$@"
  fi
}

# build_redis TAG: an image of this machine's redis-server, called by that name as in Redis's own.
build_redis() {
  mkdir -p "$work/redis/root/usr/bin"
  cp "$(command -v redis-server)" "$work/redis/root/usr/bin/"
  ldd "$(command -v redis-server)" | grep --only-matching '/[^ )]*' |
    xargs cp --dereference --parents --target-directory="$work/redis/root"
  printf 'FROM scratch\nCOPY root /\nENV PATH=/usr/bin\n' >"$work/redis/Dockerfile"
  docker build --quiet --tag "$1" "$work/redis" >/dev/null
}

# expect SENTENCE COMMAND...: a fact that must hold; says so, with what tell_more tells, if it doesn't.
expect() {
  local sentence=$1
  shift
  if "$@"; then
    echo "  pass  $sentence"
  else
    tell_more 2>&1 | tail -n 40 || true
    die "$sentence"
  fi
}

# within SECONDS COMMAND...: waits until it succeeds.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}
