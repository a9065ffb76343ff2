# shellcheck shell=bash
# What the tests of images share.

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
