#!/usr/bin/env python3
"""Every design in every scenario, by one, two and three threads: everything that is told has to be the same,
counterexamples included, but for time and memory.

    cargo build --release && python3 tests/threads.py [--most STATES] [--design NAME]... [--freshest FILE]

Each run is alone, or its threads would have other runs to do. Runs of more states than `--most` (200,000) are left
out. Exit codes: 0 the same, 1 something differs, 2 a run failed, 3 nothing was compared.
"""

import argparse
import json
import subprocess
import sys

THREADS = (1, 2, 3)


def told(freshest, design, scenario, threads, most):
    """What one run tells; None if there is no such run, or if it has too many states."""
    command = [freshest, "--design", design, "--scenario", scenario, "--threads", str(threads)]
    command += ["--max-states", str(most), "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    if "cannot be run in" in run.stderr:
        return None
    if run.returncode not in (0, 1, 3):
        print(f"threads.py: {' '.join(command)}: exit code {run.returncode}\n{run.stderr}", file=sys.stderr)
        sys.exit(2)
    results = json.loads(run.stdout)["results"]
    for result in results:
        for of_the_machine in ("seconds", "memory_bytes"):
            del result[of_the_machine]
    return results if all(result["complete"] for result in results) else None


def main():
    arguments = argparse.ArgumentParser(description="holds several threads against one")
    arguments.add_argument("--freshest", default="target/release/freshest")
    arguments.add_argument("--most", type=int, default=200_000)
    arguments.add_argument("--design", action="append")
    given = arguments.parse_args()
    listed = subprocess.run([given.freshest, "list", "--format", "json"], capture_output=True, text=True, check=True)
    models = json.loads(listed.stdout)
    designs = given.design or [design["name"] for design in models["designs"]]
    compared = differing = 0
    for design in designs:
        for scenario in (scenario["name"] for scenario in models["scenarios"]):
            one, *more = (told(given.freshest, design, scenario, threads, given.most) for threads in THREADS)
            if not one:
                continue
            compared += 1
            for threads, other in zip(THREADS[1:], more):
                if other != one:
                    differing += 1
                    print(f"{design} in {scenario}: {threads} threads tell something else than one")
    print(f"{compared} runs compared by {', '.join(map(str, THREADS))} threads, {differing} differ")
    if not compared:
        sys.exit(3)
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
