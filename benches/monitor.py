#!/usr/bin/env python3
"""How many lines of a log `freshest monitor` judges in a second of processor time, and in how much memory.

    python3 benches/monitor.py [--lines 3000000] [--freshest target/release/freshest]

Logs are what the recorder writes, numbered, of some tabs that fetch, post, cache and return tokens round
after round; some come out of order, and one token in a hundred goes back. Prints a Markdown table; each figure
is the best of three, as a busy machine only makes it worse.
"""

import argparse
import os
import random
import subprocess
import tempfile

EPOCH = 1_700_000_000
TIMES = 3
TABS = (1, 4, 50, 400)


def lines(tabs, count):
    """A log's lines: each round, one tab is answered and tells the others."""
    chance = random.Random(tabs)
    seq = [0] * tabs
    written = 0
    second = 0

    def line(tab, event, after, more=""):
        at = (EPOCH + second) * 1000 + after
        text = f'{{"event":"{event}","tab":"tab-{tab:08x}","at":{at},"seq":{seq[tab]}{more}}}\n'
        seq[tab] += 1
        return text

    while written < count:
        second += 30
        stamp = EPOCH + second - (60 if chance.random() < 0.01 else 0)
        token = f',"oiat":{stamp},"iat":{EPOCH + second},"exp":{EPOCH + second + 60}'
        token += f',"key":"1x3kq9z0a7c2m","org":null,"hash":"{second:013x}"'
        own = token + ',"key_org":null'
        tab = chance.randrange(tabs)
        batch = [
            line(tab, "requested", 0, ',"key":"1x3kq9z0a7c2m","forced":false'),
            line(tab, "answered", 90, token),
            line(tab, "cached", 91, own),
            line(tab, "cookie", 92, token),
            line(tab, "posted", 93, token),
            line(tab, "returned", 94, own + ',"hit":false'),
        ]
        for other in range(tabs):
            if other != tab:
                batch.append(line(other, "received", 95, token))
                batch.append(line(other, "cached", 96, own))
                batch.append(line(other, "returned", 97, own + ',"hit":true'))
        if len(batch) > 12:
            batch[7], batch[8] = batch[8], batch[7]
        written += len(batch)
        yield "".join(batch)


def judge(freshest, log):
    """Processor seconds and peak memory in MiB."""
    child = subprocess.Popen([freshest, "monitor", log, "--format", "json"], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit("the log is not judged: run it by hand")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--freshest", default="target/release/freshest")
    options = parser.parse_args()
    print("| tabs | lines | bytes a line | lines a second | memory |")
    print("|---:|---:|---:|---:|---:|")
    for tabs in TABS:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as log:
            for batch in lines(tabs, options.lines):
                log.write(batch)
            log.flush()
            size = os.path.getsize(log.name)
            with open(log.name) as written:
                count = sum(1 for _ in written)
            results = [judge(options.freshest, log.name) for _ in range(TIMES)]
        seconds = min(seconds for seconds, _ in results)
        memory = max(memory for _, memory in results)
        print(f"| {tabs} | {count:,} | {size / count:.0f} | {count / seconds:,.0f} | {memory:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
