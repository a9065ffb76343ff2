# shellcheck shell=bash
# Makes sure that a Docker Engine answers. One that already runs is used and left alone.

engine_log=/var/log/opr-dockerd.log
engine_started= # pid of a dockerd, or `service`: what stop_engine has to end

await_engine() {
  local deadline=$((SECONDS + 60))
  until engine_answers; do
    [ $SECONDS -lt $deadline ] || die "the Docker Engine does not answer within 60 s (see $engine_log)"
    [ "$engine_started" = service ] || kill -0 "$engine_started" 2>/dev/null ||
      die "dockerd ended: $(tail -n 5 "$engine_log")"
    sleep 0.1
  done
}

# start_engine: where no Engine answers, installs and starts one. Needs root.
start_engine() {
  if engine_answers; then
    return
  fi
  [ -z "${DOCKER_HOST:-}" ] || die "no Docker Engine answers at $DOCKER_HOST"
  # Without apparmor's parser, an Engine on a kernel that has AppArmor starts no container.
  command -v dockerd >/dev/null || install_packages docker.io apparmor
  if [ -d /run/systemd/system ]; then
    # Installing the package started the service for good; one that was there and stopped is stopped again.
    systemctl is-active --quiet docker || engine_started=service
    systemctl start docker
    [ -n "$engine_started" ] || return 0
  else
    say "Starting a Docker Engine, log in $engine_log"
    # In a process group of its own: Ctrl-C is for the programs that still need it to end well.
    set -m
    dockerd >"$engine_log" 2>&1 </dev/null &
    engine_started=$!
    set +m
  fi
  await_engine
}

# stop_engine: ends the Engine that start_engine had to start, with the containerd that it spawned.
stop_engine() {
  case $engine_started in
    '') ;;
    service) systemctl stop docker.service docker.socket ;;
    *) stop_process "$engine_started" TERM 30 || true ;;
  esac
  engine_started=
}
