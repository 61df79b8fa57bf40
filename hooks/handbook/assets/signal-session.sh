# Sends a signal to what a session's shell has started; prints their numbers, one a line.
# Parameters: the session's variable as NAME=VALUE; the signal's number. A line of standard input says, once this runs, for how
# many seconds at most they have been running, "all" for every process of the session, its shell included, or "none".
variable=$1 signal=$2
read -r ready _ </proc/uptime
echo ready
read -r seconds
[ "$seconds" != none ] || exit 0
read -r now _ </proc/uptime
carriers=$(grep -lzxF -e "$variable" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
[ -n "$carriers" ] || exit 0
# The command name stands in parentheses and may hold anything; behind it the parent is the second field, the start the twentieth.
found=$(cat /proc/[0-9]*/stat 2>/dev/null | awk -v carriers="$carriers" -v seconds="$seconds" -v ready="$ready" -v now="$now" -v ticks="$(getconf CLK_TCK 2>/dev/null || echo 100)" '
  { number = $1; sub(/^.*\) /, ""); parent[number] = $2; start[number] = $20 }
  END {
    split(carriers, list, "\n")
    for (i in list) if (list[i] in start) {
      ours[list[i]] = 1
      if (shell == "" || start[list[i]] < start[shell] || start[list[i]] == start[shell] && list[i] + 0 < shell + 0) shell = list[i]
    }
    # The seconds were counted a little later than we were ready: rather too many than too few. What begins now is of a later command.
    since = seconds == "all" ? 0 : (ready - seconds) * ticks
    until = now * ticks
    for (number in start) {
      if (number == shell && seconds != "all" || start[number] < since || start[number] > until) continue
      for (above = number; above in parent && !(above in ours); above = parent[above]);
      if (above in ours) print number
    }
  }')
for number in $found; do kill -"$signal" "$number" 2>/dev/null && echo "$number"; done
true
