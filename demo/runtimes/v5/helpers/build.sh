#!/bin/bash
# helpers/build.sh "<command>": turns the code in /mnt/code into /mnt/code/code.tar.gz, running the user's build
# command, if there is one, on a copy. A failing command fails the build with its status.
set -euo pipefail
shopt -s dotglob nullglob

say() { echo "[open-runtimes] $*"; }

say "Environment preparation started."
sources=(/mnt/code/*)
if [ ${#sources[@]} = 0 ]; then
  say "Error: No source code found. Ensure your source isn't empty."
  exit 1
fi
mkdir -p /usr/local/build
cp -R "${sources[@]}" /usr/local/build
cd /usr/local/build

if [ -n "${1:-}" ]; then
  say "Build command execution started."
  bash -c "$1"
  say "Build command execution finished."
fi

say "Build packaging started."
output=/usr/local/build/${OPEN_RUNTIMES_OUTPUT_DIRECTORY:-}
if [ -z "$(ls -A "$output" 2>/dev/null)" ]; then
  say "Error: No build output found. Ensure your output directory isn't empty."
  exit 1
fi
cd "$output"
# What the function is started with is decided by the build: an execution may come without an entrypoint.
if [ -n "${OPEN_RUNTIMES_ENTRYPOINT:-}" ]; then
  printf 'OPEN_RUNTIMES_ENTRYPOINT=%q\n' "$OPEN_RUNTIMES_ENTRYPOINT" >.open-runtimes
fi
tar --exclude ./code.tar.gz -zcf /mnt/code/code.tar.gz .
say "Build finished."
