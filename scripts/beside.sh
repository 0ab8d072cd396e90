# Work side by side: steps that do not need one another run at once, each with its output in a log. Sourced by setup, never run.
# shellcheck shell=bash

logs=$home/logs
running_names=() running_pids=() running_since=()

# Memory that is left, in MB; where the system does not tell, as if there were plenty.
free_memory() {
  awk '/^MemAvailable:/ { print int($2 / 1024); told = 1 } END { if (!told) print 16384 }' /proc/meminfo 2>/dev/null || say 16384
}

# beside NAME TITLE COMMAND...: starts it, with its output in logs/NAME.log. Where memory is short it waits for what was started before.
# A command runs without a terminal: what may ask for a password must have been done before.
beside() {
  local name=$1 title=$2
  shift 2
  if [ ${#running_pids[@]} -gt 0 ] && [ "$(free_memory)" -lt 3000 ]; then
    say "  Little memory is free, so this waits for what runs already."
    finish_all
  fi
  step "$title"
  mkdir -p "$logs"
  # A process group of its own, so that all of it can be ended.
  set -m
  (
    set -euo pipefail
    "$@"
  ) </dev/null >"$logs/$name.log" 2>&1 &
  set +m
  running_names+=("$name")
  running_pids+=("$!")
  running_since+=("$SECONDS")
}

minutes_since() { clock $((SECONDS - $1)); }

# finish_all: waits for all that was started; says every half a minute what is still at work and where it is.
finish_all() {
  local index said=$SECONDS line
  while [ ${#running_pids[@]} -gt 0 ]; do
    for index in "${!running_pids[@]}"; do
      kill -0 "${running_pids[index]}" 2>/dev/null && continue
      if wait "${running_pids[index]}"; then
        say "  done: ${running_names[index]} ($(minutes_since "${running_since[index]}"))"
      else
        tail -n 25 "$logs/${running_names[index]}.log" >&2
        fail "“${running_names[index]}” did not succeed; the end of $logs/${running_names[index]}.log stands above." \
          "When its cause is gone, run this again: it goes on where it stopped."
      fi
      unset "running_pids[index]" "running_names[index]" "running_since[index]"
    done
    sleep 1
    if [ $((SECONDS - said)) -ge 30 ]; then
      said=$SECONDS
      for index in "${!running_pids[@]}"; do
        line=$(tail -n 1 "$logs/${running_names[index]}.log" 2>/dev/null | tr -s ' \t\r' ' ' | cut -c1-70)
        say "    $(minutes_since "${running_since[index]}")  ${running_names[index]}: ${line:-at work}"
      done
    fi
  done
  running_names=() running_pids=() running_since=()
}

# Nothing that was started outlives the script, whether it fails or is interrupted.
end_all() {
  local pid
  for pid in ${running_pids[@]+"${running_pids[@]}"}; do kill -- "-$pid" 2>/dev/null || true; done
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
