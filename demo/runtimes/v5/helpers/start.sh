#!/bin/bash
# helpers/start.sh "<command>": unpacks the build and becomes the command. The build is /mnt/code/code.tar.gz or, for
# newer clients that don't copy it there, $OPEN_RUNTIMES_CODE_PATH.
set -euo pipefail

archive=/mnt/code/code.tar.gz
[ -f "$archive" ] || archive=${OPEN_RUNTIMES_CODE_PATH:-$archive}
if [ ! -f "$archive" ]; then
  echo "[open-runtimes] Error: Code archive not found."
  exit 1
fi
code=/usr/local/server/src/function
mkdir -p "$code"
# The name says nothing of the compression: tar looks for itself.
tar -xf "$archive" -C "$code"

if [ -f "$code/.open-runtimes" ]; then
  set -o allexport
  # shellcheck source=/dev/null
  source "$code/.open-runtimes"
  set +o allexport
fi

cd /usr/local/server
# exec, so that the function's exit code is the container's.
exec bash -c "$1"
