#!/usr/bin/env bash
# Measures the fast engine against its peers, all in one run, and prints one JSON object a line:
#
#   {peer, scenario, threads, states, cpu_ratio, wall_ratio, bytes_per_state, peer_bytes_per_state, ...}
#
# `threads` are this program's: against Spin one and two, each peer with its one. The peer `one-thread` is
# this program itself, against its two. So is the peer `beside`: two runs with one thread each at the same
# time, which have nothing in common, and half of the wall clock that they take. Two threads can hardly be
# faster on that machine: where the ratio is 1, sharing a run costs nothing. A ratio is the peer's time divided by this program's, so greater
# is better. Processor time is that of the whole process, start and end included. Of several runs the
# median counts, and peers take turns, because machines are noisy. Everybody has to find the same number
# of unique states.
#
#   benches/compare.sh [stateright|spin|tlc|one-thread|beside]...      all of them without an argument
#
# TLC needs Java and the TLA+ tools, which peers/tlc.sh says how to get. Without an argument and
# without them its lines say that it was not measured, and why.
#
# COMPARE_RUNS     runs of each (3); stateright and tlc, which take minutes, get one
# SPIN_MEMORY_MIB  see peers/spin.sh (8000)
# TLA2TOOLS_JAR, TLC_HEAP_MIB, TLC_JAVA_OPTIONS  see peers/tlc.sh
#
# Exit codes: 0 measured, 2 usage or something is missing, 3 inconclusive or the counts differ.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly runs="${COMPARE_RUNS:-3}"
# As in models/scenarios: tabs, refreshes, forced fetches.
readonly -A scenarios=([ten-million]="3 2 2" [ten-million-in-two-tabs]="2 2 3")

fail() {
	local code="$1"
	shift
	printf 'compare.sh: %s\n' "$@" >&2
	exit "$code"
}

peers=("$@")
[[ $# -gt 0 ]] || peers=(stateright spin tlc one-thread beside)
for peer in "${peers[@]}"; do
	[[ "$peer" =~ ^(stateright|spin|tlc|one-thread|beside)$ ]] || fail 2 "no such peer: $peer (stateright, spin, tlc, one-thread, beside)"
done
command -v python3 >/dev/null || fail 2 "python3 is missing"

# Why TLC cannot be measured, found out by a run that has next to nothing to do; or nothing.
no_tlc=""
if [[ " ${peers[*]} " == *" tlc "* ]] && ! said="$(benches/peers/tlc.sh 1 0 1 2>&1 >/dev/null)"; then
	no_tlc="${said:-tlc.sh failed}"
	[[ $# -eq 0 ]] || fail 2 "tlc cannot be measured:" "$no_tlc"
fi

cargo build --release --quiet
freshest="${CARGO_TARGET_DIR:-target}/release/freshest"
work="$(mktemp -d)"
trap 'rm -rf -- "$work"' EXIT

# One run of this program with so many threads: "wall cpu states bytes".
measure() {
	local threads="$1" aside
	aside="$(mktemp -d -p "$work")"
	shift
	TIMEFORMAT='%R %U %S'
	{ time "$freshest" --models benches/models --scenario "$scenario" --threads "$threads" \
		--memory-limit 16GiB --format json "$@" >"$aside/out.json" 2>/dev/null || true; } \
		2>"$aside/time"
	python3 - "$aside" <<'PYTHON'
import json, sys
aside = sys.argv[1]
wall, user, system = map(float, open(aside + "/time").read().split())
result = json.load(open(aside + "/out.json"))["results"][0]
if not result["complete"]:
    sys.exit(3)
memory = result["memory_bytes"] or 0
print(wall, user + system, result["states"], memory / result["explored"])
PYTHON
}

# Prints the line of a peer and so many threads from the measurements in two files, whose columns are those of
# `measure`.
compare() {
	python3 - "$1" "$scenario" "$2" "$work/peer" "$work/own-$2" <<'PYTHON'
import json, statistics, sys
peer, scenario, threads, *files = sys.argv[1:]
read = lambda name: [[float(x) for x in line.split()] for line in open(name)]
theirs, own = map(read, files)
states = {int(row[2]) for row in theirs + own}
if len(states) != 1:
    sys.exit(f"compare.sh: the counts differ: {sorted(states)}")
median = lambda rows, column: statistics.median(row[column] for row in rows)
ratio = lambda column: round(median(theirs, column) / median(own, column), 2)
print(json.dumps({
    "peer": peer, "scenario": scenario, "threads": int(threads), "states": states.pop(),
    "cpu_ratio": ratio(1), "wall_ratio": ratio(0),
    "bytes_per_state": round(median(own, 3), 1),
    "peer_bytes_per_state": round(median(theirs, 3), 1) or None,
    "cpu_seconds": round(median(own, 1), 2), "peer_cpu_seconds": round(median(theirs, 1), 2),
}), flush=True)
PYTHON
}

own() {
	measure "$@" >>"$work/own-$1" || fail 3 "a run of freshest hit a bound"
}

# Measures one peer in one scenario, and this program beside it, into a file for each.
run_all() {
	rm -f -- "$work"/own-* "$work/peer"
	case "$peer" in
	stateright)
		# Both judge every property.
		own 1
		measure 1 --engine stateright >>"$work/peer" || fail 3 "stateright hit a bound"
		;;
	spin)
		for ((run = 0; run < runs; run++)); do
			measure_bare 1 2
		done
		;;
	tlc)
		measure_bare 1
		;;
	one-thread)
		for ((run = 0; run < runs; run++)); do
			own 2
			measure 1 >>"$work/peer" || fail 3 "a run of freshest hit a bound"
		done
		;;
	beside)
		for ((run = 0; run < runs; run++)); do
			own 2
			measure_beside >>"$work/peer" || fail 3 "a run of freshest hit a bound"
		done
		;;
	esac
}

# Two runs at the same time, with one thread each: as `measure`, of each half the wall clock of the longer.
measure_beside() {
	local other
	measure 1 >"$work/other" &
	other=$!
	measure 1 >"$work/one" && wait "$other" || return
	python3 - "$work/one" "$work/other" <<'PYTHON'
import sys
one, other = [[float(x) for x in open(name).read().split()] for name in sys.argv[1:]]
print(max(one[0], other[0]) / 2, (one[1] + other[1]) / 2, int(one[2]), one[3])
PYTHON
}

# One run of each with a peer that has a script and explores the bare graph: the property is one that
# looks at states alone and needs nothing remembered. Ours with so many threads, one after the other.
measure_bare() {
	local threads
	for threads in "$@"; do
		own "$threads" --property tabs-converge
	done
	# shellcheck disable=SC2086 # three numbers
	"benches/peers/$peer.sh" ${scenarios[$scenario]} >"$work/peer.json"
	python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
print(r["wall_seconds"], r["cpu_seconds"], r["states"], r["bytes_per_state"] or 0)' \
		"$work/peer.json" >>"$work/peer"
}

# The line of a peer that is not there.
not_measured() {
	python3 - "$peer" "$scenario" "$1" <<'PYTHON'
import json, sys
peer, scenario, reason = sys.argv[1:]
figures = dict.fromkeys(["states", "cpu_ratio", "wall_ratio", "bytes_per_state"])
print(json.dumps({"peer": peer, "scenario": scenario, **figures, "note": f"not measured: {reason}"}), flush=True)
PYTHON
}

for peer in "${peers[@]}"; do
	for scenario in ten-million ten-million-in-two-tabs; do
		if [[ "$peer" == tlc && -n "$no_tlc" ]]; then
			not_measured "$no_tlc"
			continue
		fi
		run_all
		for threads in "$work"/own-*; do
			compare "$peer" "${threads##*-}" || exit 3
		done
	done
done
