#!/usr/bin/env python3
"""How states, processor time and memory grow with tabs and with mints.

    python3 benches/growth.py [--plot docs/growth.svg] [--freshest target/release/freshest]

Runs `pr-8097` with 1 to 4 tabs and 1 to 6 mint requests (forced fetches and refreshes in turn), each
until a run would take too long, and prints a Markdown table. The plot needs matplotlib.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

# Runs with more states than this are left out, and so is everything greater.
MOST_STATES = 15_000_000
DESIGN = "benches/models/designs/pr-8097.toml"


def run(freshest, tabs, mints):
    """States, stored states, transitions, processor seconds and bytes of one run."""
    with tempfile.TemporaryDirectory() as models:
        for directory in ("designs", "scenarios"):
            os.mkdir(f"{models}/{directory}")
        with open(DESIGN) as design, open(f"{models}/designs/pr-8097.toml", "w") as copy:
            copy.write(design.read())
        with open(f"{models}/scenarios/grown.toml", "w") as scenario:
            scenario.write(f'title = "{tabs} tabs, {mints} mints"\ntabs = {tabs}\n[budget]\n')
            scenario.write(f"skip_cache = {(mints + 1) // 2}\n")
            if mints > 1:
                scenario.write(f"refresh = {mints // 2}\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [freshest, "--models", models, "--format", "json", "--threads", "1"]
        command += ["--max-states", str(MOST_STATES)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode == 2:
            sys.exit(done.stderr)
        result = json.loads(done.stdout)["results"][0]
    if not result["complete"]:
        return None
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {
        "tabs": tabs,
        "mints": mints,
        "states": result["states"],
        "stored": result["explored"],
        "transitions": result["transitions"],
        "seconds": seconds,
        "bytes": result["memory_bytes"],
    }


def plot(rows, path):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "freshest"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for axis, key, title in zip(axes, ("states", "seconds"), ("unique states", "processor seconds")):
        for tabs in sorted({row["tabs"] for row in rows}):
            line = [row for row in rows if row["tabs"] == tabs]
            axis.plot(
                [row["mints"] for row in line],
                [row[key] for row in line],
                marker="o",
                label=f"{tabs} tab" + "s" * (tabs > 1),
            )
        axis.set_yscale("log")
        axis.set_xlabel("mint requests")
        axis.set_title(title, fontsize=10)
        axis.grid(alpha=0.3)
    axes[0].legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE")
    parser.add_argument("--freshest", default="target/release/freshest")
    arguments = parser.parse_args()
    rows = []
    print("| Tabs | Mints | States | Transitions | Stored | CPU | Memory | Bytes a stored state |")
    print("|---|---|---|---|---|---|---|---|")
    for tabs in range(1, 5):
        for mints in range(1, 7):
            row = run(arguments.freshest, tabs, mints)
            if row is None:
                break
            rows.append(row)
            print(
                f"| {tabs} | {mints} | {row['states']:,} | {row['transitions']:,} |"
                f" {row['stored']:,} | {row['seconds']:.2f} s | {row['bytes'] / 2**20:.1f} MiB |"
                f" {row['bytes'] / row['stored']:.0f} |",
                flush=True,
            )
    if arguments.plot:
        plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
