"""Prints what each step of a start takes, by gocker's own account. Started by bench/run."""

import argparse
import os
import statistics
import subprocess

from tools import make_rootfs


def trace(gocker: str, root: str) -> list[tuple[str, int]]:
    """The steps of one start, in order, with their microseconds."""
    command = [gocker, "run", "--trace-start", "--name", "traced", "--rootfs", root, "/bin/true"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()[1:]
    return [(fields[2], int(fields[0])) for fields in (line.split(maxsplit=2) for line in lines)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    gocker, root = os.path.abspath(os.environ["GOCKER"]), f"{options.work}/traced"
    make_rootfs(gocker, root)
    taken: dict[str, list[int]] = {}
    for _ in range(options.runs):
        for step, microseconds in trace(gocker, root):
            taken.setdefault(step, []).append(microseconds)
    print(f"\nEach step of a start, medians of {options.runs}, in microseconds\n")
    for step, values in taken.items():
        print(f"{statistics.median(values):6.0f}  {step if len(step) < 100 else step[:60] + ' …'}")


main()
