#!/usr/bin/env bash
# check_includes_test.sh CHECK: the program CHECK must refuse every wrong include and none of the right ones.
set -euo pipefail

check=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# expect refused|accepted FILE LINE: how a tree must be taken that consists of that file with that line.
expect() {
  local found=accepted
  rm -rf "${tree:?}"/*
  mkdir -p "$tree/$(dirname "$2")"
  printf '#pragma once\n\n%s\n' "$3" >"$tree/$2"
  if ! "$check" "$tree" >"$tree/said"; then
    found=refused
    grep -qF "$2:3: " "$tree/said" || found="refused without naming the line"
  fi
  if [ "$found" != "$1" ]; then
    printf '%s in %s: expected %s, found %s\n' "$3" "$2" "$1" "$found"
    failed=1
  fi
}

expect accepted docker/engine.hpp '#include "net/http_client.hpp"'
expect accepted docker/engine.hpp '#include "docker/spec.hpp"'
expect accepted http/routes.cpp '#include "http/server/server.hpp"'
expect accepted http/routes.cpp '#include "actors/messages.hpp"'
expect accepted core/clock.hpp '#include <sys/types.h>'
expect accepted app/main.cpp '#include "docker/http_engine.hpp"'
expect refused net/http_client.hpp '#include "docker/engine.hpp"'
expect refused docker/engine.hpp '#include "storage/device.hpp"'
expect refused http/routes.cpp '#include "docker/engine.hpp"'
expect refused http/api/routes.cpp '#include "storage/device.hpp"'
expect refused http/server/server.hpp '#include "actors/messages.hpp"'
expect refused http/server/server.hpp '#include "http/routes.hpp"'
expect refused http/server/wire/parser.cpp '  #  include "config/settings.hpp"'
expect refused actors/runtime.cpp '#include "http/routes.hpp"'
expect refused core/result.hpp '#include <caf/all.hpp>'
expect refused net/http_client.hpp '#include <caf/all.hpp>'
expect refused app/main.cpp '#include "cli.hpp"'
exit $failed
