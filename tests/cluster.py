#!/usr/bin/env python3
"""Several processes against one, and against whoever ends or stops one of them.

    cargo build --release && python3 tests/cluster.py same [--most STATES] [--design NAME]... [--processes N] [--threads N]
    cargo build --release && python3 tests/cluster.py lost [--times N] [--seed N]

`same`: every design in every scenario of at most so many states (200,000), by one process and by several of this
machine, each of so many threads (one): everything that is told has to be the same, counterexamples included, but for time
and memory.

`lost`: one of three processes is killed, or stopped, at a random moment of a long run: the others have to end, with
exit code 3, without a verdict, and in time.

Exit codes: 0 all is well, 1 something is not, 2 a run failed, 3 nothing was compared.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time

# What a process may be silent for, and what it takes to notice.
IN_TIME = 25


def told(freshest, design, arguments, most):
    """What all scenarios tell of a design, by scenario; those of too many states left out."""
    command = [freshest, "--design", design, "--max-states", str(most), "--format", "json"] + arguments
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1, 3):
        print(f"cluster.py: {' '.join(command)}: exit code {run.returncode}\n{run.stderr}", file=sys.stderr)
        sys.exit(2)
    try:
        results = json.loads(run.stdout)["results"]
    except ValueError:
        print(f"cluster.py: {' '.join(command)}: no report\n{run.stderr}", file=sys.stderr)
        sys.exit(2)
    for result in results:
        for of_the_machine in ("seconds", "memory_bytes"):
            del result[of_the_machine]
    return {result["scenario"]: result for result in results if result["complete"]}


def same(given):
    listed = subprocess.run([given.freshest, "list", "--format", "json"], capture_output=True, text=True, check=True)
    designs = given.design or [design["name"] for design in json.loads(listed.stdout)["designs"]]
    compared = differing = 0
    for design in designs:
        one = told(given.freshest, design, [], given.most)
        by_several = ["--local-processes", str(given.processes), "--threads", str(given.threads)]
        several = told(given.freshest, design, by_several, given.most)
        for scenario in sorted(one.keys() | several.keys()):
            compared += 1
            if one.get(scenario) != several.get(scenario):
                differing += 1
                print(f"{design} in {scenario}: {given.processes} processes tell something else than one")
    several = f"{given.processes} of {given.threads} threads each"
    print(f"{compared} runs compared, by one process and by {several}, {differing} differ")
    return 3 if not compared else 1 if differing else 0


def children(pid):
    """The processes that a process has started."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def lost_first(run, others, how):
    """Process 0 itself is lost: the others end by themselves."""
    deadline = time.monotonic() + IN_TIME
    while any(os.path.exists(f"/proc/{child}/exe") for child in others) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = [child for child in others if os.path.exists(f"/proc/{child}/exe")]
    run.kill()
    out, _ = run.communicate()
    print(f"process 0: {how.name}, the others are gone")
    return f"{how.name} of process 0: {left} are still there, printed {out!r}" if left or out else None


def lose_one(given, number, chance):
    """One run that loses a process. Returns what is wrong with how it ends, or nothing."""
    # So large that it is under way for long after the moment.
    command = [given.freshest, "--models", "benches/models", "--design", "pr-8097", "--scenario",
               "hundred-million", "--local-processes", "3"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while len(children(run.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(chance.uniform(0.02, 3))
    how = chance.choice([signal.SIGKILL, signal.SIGSTOP])
    others = children(run.pid)
    victim = chance.choice(others + [run.pid])
    os.kill(victim, how)
    began = time.monotonic()
    if victim == run.pid:
        return lost_first(run, others, how)
    try:
        out, err = run.communicate(timeout=IN_TIME)
    except subprocess.TimeoutExpired:
        run.kill()
        return f"{how.name} of {victim}: it still runs after {IN_TIME} seconds"
    took = time.monotonic() - began
    print(f"{number}: {how.name}, exit code {run.returncode} after {took:.1f} s: {err.strip().splitlines()[-1:]}")
    time.sleep(0.05)
    left = [child for child in others if os.path.exists(f"/proc/{child}")]
    if run.returncode != 3 or out or "process" not in err:
        return f"{how.name}: exit code {run.returncode}, printed {out!r} and {err!r}"
    return f"{how.name}: {left} are still there" if left else None


def lost(given):
    chance = random.Random(given.seed)
    wrong = 0
    for number in range(given.times):
        what = lose_one(given, number, chance)
        if what:
            wrong += 1
            print(what)
    print(f"{given.times} times one of three processes was lost, {wrong} times it did not end as it should")
    return 3 if not given.times else 1 if wrong else 0


def main():
    arguments = argparse.ArgumentParser(description="holds several processes against one")
    arguments.add_argument("what", choices=["same", "lost"])
    arguments.add_argument("--freshest", default="target/release/freshest")
    arguments.add_argument("--most", type=int, default=200_000)
    arguments.add_argument("--design", action="append")
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--times", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    sys.exit(same(given) if given.what == "same" else lost(given))


if __name__ == "__main__":
    main()
