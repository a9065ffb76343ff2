#!/bin/bash
# The image's own command: unpacks the build in /tmp/code.tar.gz and serves it on port 3000.
set -euo pipefail

# Not /usr/code: that is a folder of the host, and shared with it.
code=/usr/code-start
mkdir -p "$code"
tar -xf /tmp/code.tar.gz -C "$code"

if [ -f "$code/.open-runtimes" ]; then
  set -o allexport
  # shellcheck source=/dev/null
  source "$code/.open-runtimes"
  set +o allexport
fi

# exec, so that the function's exit code is the container's.
exec node /usr/local/src/server.cjs
