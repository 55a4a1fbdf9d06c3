"""Runs the checks of the modules asked for. Started by scripts/test-engines or test-deploy, in namespaces of its own."""

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
    parser.add_argument("--on-disk", action="store_true", help="store nothing large in memory")
    parser.add_argument("modules", nargs="+")
    options = parser.parse_args()

    started = time.monotonic()
    Deadline.patience = options.patience
    box = sandbox.Sandbox(options.work, options.runtime, options.hide_unified, options.on_disk)
    report = Report()
    version = box.run(options.runtime, "--version", code=None).out.split("\n")[0]
    print(f"{options.runtime}: {version or 'no version'}", flush=True)
    # Before the packages that are installed: Docker's, for one, has a namesake.
    sys.path[1:1] = [str(pathlib.Path(__file__).resolve().parent.parent / folder) for folder in ["engines", "deploy"]]
    for name in options.modules:
        suite = importlib.import_module(name)
        report.run(name.partition("_")[2], box, suite.start, suite.CHECKS, options.match)
    print(f"{report.summary()} in {time.monotonic() - started:.0f} s")
    return int(report.failed > 0)


sys.exit(main())
