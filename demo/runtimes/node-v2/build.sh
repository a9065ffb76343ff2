#!/bin/bash
# Turns the code in /usr/code into /usr/code/code.tar.gz.
set -euo pipefail
shopt -s dotglob nullglob

sources=(/usr/code/*)
if [ ${#sources[@]} = 0 ]; then
  echo "No source code found." >&2
  exit 1
fi
mkdir -p /usr/builds
cp -R "${sources[@]}" /usr/builds
cd /usr/builds
# What the function is started with is decided by the build: an execution may come without an entrypoint.
if [ -n "${INTERNAL_RUNTIME_ENTRYPOINT:-}" ]; then
  printf 'INTERNAL_RUNTIME_ENTRYPOINT=%q\n' "$INTERNAL_RUNTIME_ENTRYPOINT" >.open-runtimes
fi
tar --exclude ./code.tar.gz -zcf /usr/code/code.tar.gz .
echo "Build finished."
