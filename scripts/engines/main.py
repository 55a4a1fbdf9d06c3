"""Runs the checks of the engines asked for. Started by scripts/test-engines, in namespaces of its own."""

import argparse
import importlib
import pathlib
import sys
import time

import sandbox
from checks import Deadline, Report


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--runtime")
    parser.add_argument("--match")
    parser.add_argument("--patience", type=float)
    parser.add_argument("--hide-unified", action="store_true")
    parser.add_argument("engines", nargs="+")
    options = parser.parse_args()

    started = time.monotonic()
    Deadline.patience = options.patience
    box = sandbox.Sandbox(options.work, options.runtime, options.hide_unified)
    report = Report()
    version = box.run(options.runtime, "--version", code=None).out.split("\n")[0]
    print(f"{options.runtime}: {version or 'no version'}", flush=True)
    for name in options.engines:
        engine = importlib.import_module(f"engine_{name}")
        report.run(name, box, engine.start, engine.CHECKS, options.match)
    print(f"{report.summary()} in {time.monotonic() - started:.0f} s")
    return int(report.failed > 0)


sys.exit(main())
