#!/usr/bin/env bash
# Measures Spin on the design `pr-8097` and prints one JSON object.
#
#   benches/peers/spin.sh TABS REFRESH SKIP
#
# No partial order reduction and no compaction of states: the comparison is between two exhaustive
# searches with exact storage. Only pan's own time counts, not that of generating and compiling it.
#
# SPIN_CFLAGS       more options for compiling pan, for instance -DCOLLAPSE
# SPIN_HASH_BITS    log2 of the slots of pan's first hash table (24: 128 MiB)
# SPIN_MEMORY_MIB   pan gives up beyond this (8000)
#
# Exit codes: 0 measured, 2 usage or something is missing, 3 inconclusive (a limit was reached).

set -euo pipefail

model="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/pr-8097.pml"
readonly model
readonly hash_bits="${SPIN_HASH_BITS:-24}"
readonly memory_mib="${SPIN_MEMORY_MIB:-8000}"
readonly depth_steps=1000 # The deepest trace has about 5 events for each stimulus.

fail() {
	local code="$1"
	shift
	printf 'spin.sh: %s\n' "$@" >&2
	exit "$code"
}

needs() {
	command -v "$1" >/dev/null ||
		fail 2 "$1 is missing; on Debian: apt-get update && apt-get install -y $2"
}

if [[ $# -ne 3 || ! "$1$2$3" =~ ^[0-9]{3}$ ]]; then
	fail 2 "expected three one-digit numbers: spin.sh TABS REFRESH SKIP, for instance 2 2 1"
fi
readonly tabs="$1" refresh="$2" skip="$3"
needs spin spin
needs gcc gcc

work="$(mktemp -d)"
readonly work
trap 'rm -rf -- "$work"' EXIT
cd "$work"

# Spin reports the model's #error on standard output or standard error, depending on the stage.
spin -a -o2 -DTABS="$tabs" -DREFRESH="$refresh" -DSKIP="$skip" "$model" >spin.log 2>&1 ||
	fail 2 "spin rejects the parameters:" "$(grep -m 3 -i error spin.log || cat spin.log)"

# SAFETY leaves out the search for cycles, which no peer does here.
# shellcheck disable=SC2086 # several options may be given
gcc -O2 -DSAFETY -DNOREDUCE -DMEMLIM="$memory_mib" ${SPIN_CFLAGS:-} -o pan pan.c 2>gcc.log ||
	fail 2 "pan does not compile:" "$(head -n 5 gcc.log)"

TIMEFORMAT='%R %U %S'
{ time ./pan -m"$depth_steps" -w"$hash_bits" >pan.log 2>&1; } 2>time.log ||
	fail 3 "pan did not finish:" "$(tail -n 5 pan.log)"

grep -q 'errors: 0$' pan.log || fail 3 "pan reports an error:" "$(grep -m 3 '^pan:' pan.log)"
if grep -qE 'Search not completed|search depth too small|memory exceeded|-DMEMLIM bound' pan.log; then
	fail 3 "pan reached a limit (SPIN_MEMORY_MIB is $memory_mib):" "$(grep -m 3 -E '^(pan|error):' pan.log)"
fi

# pan counts the initial state as a transition, and 2^20 bytes as a megabyte; the memory is all of
# pan's: states, hash table and stack.
awk -v tabs="$tabs" -v refresh="$refresh" -v skip="$skip" '
	FILENAME == "time.log" { wall = $1; cpu = $2 + $3 }
	/ states, stored/ { states = $1 }
	/ transitions \(= stored/ { transitions = $1 - 1 }
	/total actual memory usage|memory usage \(Mbyte\)/ { bytes = $1 * 1048576 }
	END {
		if (!states || !bytes) exit 1
		printf "{\"peer\":\"spin\",\"tabs\":%d,\"refresh\":%d,\"skip_cache\":%d,", tabs, refresh, skip
		printf "\"states\":%d,\"transitions\":%d,", states, transitions
		printf "\"cpu_seconds\":%.3f,\"wall_seconds\":%.3f,", cpu, wall
		printf "\"bytes_per_state\":%.1f}\n", bytes / states
	}' pan.log time.log || fail 3 "pan's report has an unknown form:" "$(tail -n 20 pan.log)"
