#!/usr/bin/env python3
"""What a comparator costs that is a script, over the built-in one.

    python3 benches/script.py [--runs 25] [--instructions] [--freshest target/release/freshest]

Runs the gate with every scenario of pages under models/ on `pr-9030`, and on the same design with the script of
examples/typescript as its comparator. The two take turns, because machines are noisy, and what counts
is the processor time of the whole process, start and end included. Prints one JSON object, whose ratio
is the script's time divided by the built-in comparator's. With --instructions both run once more, in
valgrind, which counts instructions and does not mind who else is at work.
"""

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

DESIGN = "models/designs/pr-9030.toml"
SCRIPT = "examples/typescript/designs/tokenFreshness.ts"
BUILT_IN = 'comparator = "table"'


def write_models(models, scripted):
    """A models directory with one design and all scenarios of its platform."""
    os.mkdir(f"{models}/scenarios")
    for name in os.listdir("models/scenarios"):
        with open(f"models/scenarios/{name}") as scenario:
            if "[platform]" not in scenario.read():
                shutil.copy(f"models/scenarios/{name}", f"{models}/scenarios/")
    os.mkdir(f"{models}/designs")
    with open(DESIGN) as design:
        text = design.read()
    if scripted:
        shutil.copy(SCRIPT, f"{models}/designs/")
        if BUILT_IN not in text:
            sys.exit(f"script.py: {DESIGN} does not say {BUILT_IN}")
        text = text.replace(BUILT_IN, f'comparator = {{ script = "{os.path.basename(SCRIPT)}" }}')
    with open(f"{models}/designs/design.toml", "w") as copy:
        copy.write(text)


def run(command):
    """Runs a gate, which has to pass, and returns what it says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return done.stdout + done.stderr


def processor_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def instructions(command):
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    counted = re.search(r"Collected : (\d+)", run(valgrind + command))
    return int(counted[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--freshest", default="target/release/freshest")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        commands = []
        for scripted in (False, True):
            models = f"{work}/{'script' if scripted else 'built-in'}"
            os.mkdir(models)
            write_models(models, scripted)
            commands.append([arguments.freshest, "--quiet", "--models", models])
        rounds = [[processor_seconds(command) for command in commands] for _ in range(arguments.runs)]
        counted = arguments.instructions and [instructions(command) for command in commands]
    result = {
        "runs": arguments.runs,
        "built_in_cpu_seconds": round(statistics.median(own for own, _ in rounds), 3),
        "script_cpu_seconds": round(statistics.median(script for _, script in rounds), 3),
        "cpu_ratio": round(statistics.median(script / own for own, script in rounds), 2),
    }
    if counted:
        result["instructions_ratio"] = round(counted[1] / counted[0], 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
