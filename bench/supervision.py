"""Measures what it takes to have many services supervised: to start and stop them, to hold them, and to start one again
that has died, with Gocker and others that supervise. Started by bench/run.

usage: bench/supervision.py --work DIRECTORY --ours PROGRAM [--services N] [--rounds N] [--idle SECONDS] [--json FILE]
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

from processes import switches
from supervisors import Docker, Gocker, GockerOverlay, Podman, Runit, S6, Supervisor, Supervisord, Tree

# What s6, runit and supervisord do not take for a service that fails to start.
LIFE = 1.2


def timed(action) -> float:
    begin = time.monotonic()
    action()
    return time.monotonic() - begin


class Floor:
    """What the kernel takes for the same, in C."""

    # What each one starts.
    WHAT = {"jail": "clone3, pivot_root, exec in C", "container": "the same container in C"}

    def __init__(self, program: Path, rootfs: Path, kind: str, order: str):
        self.name = f"{self.WHAT[kind]}, {order.replace('-', ' ')}"
        self.program, self.rootfs = program, rootfs
        self.command = [kind, order, "/bin/sleep", "100000"]

    def run(self, count: int) -> tuple[float, float]:
        fleet = subprocess.Popen(
            [self.program, self.rootfs, str(count), *self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        up = int(fleet.stdout.readline()) / 1e9
        fleet.stdin.close()
        down = int(fleet.stdout.readline()) / 1e9
        if fleet.wait() != 0:
            raise RuntimeError(f"{self.name}: not all of them ran")
        return up, down


def run(supervisor: Supervisor) -> tuple[float, float]:
    up = timed(supervisor.up)
    supervisor.processes()
    return up, timed(supervisor.down)


def starts(supervisors: list[Supervisor], floors: list[Floor], count: int, rounds: int) -> dict:
    """Seconds up and down a service, with tools that take turns."""
    results: dict[str, list] = {}
    counts = {}
    for supervisor in supervisors:
        counts[supervisor.name] = min(count, supervisor.most)
        supervisor.prepare(counts[supervisor.name])
    for number in range(rounds):
        for supervisor in supervisors:
            # One round of the slow ones takes longer than all others together.
            if number > 0 and supervisor.most < count:
                continue
            results.setdefault(supervisor.name, []).append(
                [seconds / counts[supervisor.name] for seconds in run(supervisor)])
        for floor in floors:
            results.setdefault(floor.name, []).append([seconds / count for seconds in floor.run(count)])
    own = median(results[supervisors[0].name])
    print(f"\n{count} services up and down, medians of {rounds} runs, ms a service; theirs / ours")
    for name, runs in results.items():
        up, down = median(runs)
        note = f"   ({counts[name]} services, once)" if counts.get(name, count) < count else ""
        print(f"  {name:42} {1e3 * up:8.2f} {up / own[0]:8.2f}   {1e3 * down:8.2f} {down / own[1]:8.2f}{note}")
    return results


def median(runs: list) -> tuple[float, float]:
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def idle(supervisors: list[Supervisor], count: int, seconds: float) -> dict:
    """Memory, and how often the supervisors are woken while nothing happens."""
    results = {}
    counts = {}
    running: list[Supervisor] = []
    try:
        for supervisor in supervisors:
            counts[supervisor.name] = min(count, supervisor.most)
            supervisor.prepare(counts[supervisor.name])
            supervisor.up()
            running.append(supervisor)
        time.sleep(5)
        before = {each.name: {pid: switches(pid) for pid in each.processes()} for each in running}
        time.sleep(seconds)
        print(f"\n{count} services that sleep: memory (PSS), and context switches of the supervising processes in {seconds:g} s")
        print(f"  {'':24} {'main MiB':>9} {'others, KiB a service':>23} {'switches':>10}")
        for each in running:
            woken = sum(switches(pid) - old for pid, old in before[each.name].items() if pid)
            main, others = each.memory()
            number = counts[each.name]
            note = f"   ({number} services)" if number < count else ""
            results[each.name] = {"main": main, "others": others / number, "switches": woken}
            print(f"  {each.name:24} {main:9.1f} {1024 * others / number:23.0f} {woken:10}{note}")
    finally:
        for each in running:
            each.down()
    return results


def latencies(file: Path) -> list[float]:
    """From each death to the next birth, in milliseconds."""
    notes = [line.split() for line in file.read_text().splitlines()]
    pairs = zip(notes, notes[1:])
    return [(int(born[1]) - int(dies[1])) / 1e6 for dies, born in pairs if (dies[0], born[0]) == ("dies", "born")]


def restarts(gocker: Gocker, trees: list[Tree], work: Path, mayfly: Path, siblings: int, seconds: float) -> dict:
    """From the death of a service to the exec of its successor, back-off aside; one supervisor at a time."""
    folder = work / "notes"
    folder.mkdir()
    gocker.prepare(siblings, {"mayfly": {
        "rootfs": {"path": str(gocker.rootfs), "overlay": False}, "command": ["/bin/mayfly", f"/notes/{gocker.name}", str(LIFE)],
        "volumes": [f"{folder}:/notes"], "deploy": {"restart_policy": {"condition": "any", "delay": "0s"}}}})
    for tree in trees:
        tree.prepare(0)
        tree.add("mayfly", [str(mayfly), str(folder / tree.name), str(LIFE)])
        tree.count = 1
    results = {}
    for each in [gocker, *trees]:
        each.up()
        try:
            time.sleep(seconds)
        finally:
            each.down()
        results[each.name] = latencies(folder / each.name)
    own = statistics.median(results[gocker.name])
    print(f"\nFrom the death of a service to the exec of its successor, ms; with gocker-compose beside {siblings} others")
    for name, values in results.items():
        middle = statistics.median(values)
        print(f"  {name:24} median {middle:7.2f} {middle / own:8.2f}   worst {max(values):7.2f}   {len(values)} deaths")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/supervision.py", description=__doc__.splitlines()[0])
    parser.add_argument("--work", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--services", type=int, default=200, metavar="N", help="how many are started (200)")
    parser.add_argument("--many", type=int, default=500, metavar="N", help="how many are held (500)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often they are started (5)")
    parser.add_argument("--idle", type=float, default=60, metavar="SECONDS", help="how long nothing happens (60)")
    parser.add_argument("--restarts", type=float, default=30, metavar="SECONDS", help="how long a service dies and dies (30)")
    parser.add_argument("--only", default="", metavar="NAME,…", help="beside gocker-compose; all")
    parser.add_argument("--json", metavar="FILE", help="where to write every single measurement")
    options = parser.parse_args()
    work = Path(options.work).resolve() / "supervision"
    work.mkdir()
    rootfs = work / "rootfs"
    ours = Path(options.ours).resolve()
    subprocess.run([ours.parent / "gocker", "rootfs", "create", rootfs], check=True, stdout=subprocess.DEVNULL)
    programs = Path(options.work)
    (rootfs / "bin/mayfly").write_bytes((programs / "mayfly").read_bytes())
    (rootfs / "bin/mayfly").chmod(0o755)

    gocker = Gocker(work, rootfs, ours)
    trees = [kind(work, rootfs) for kind in [Supervisord, S6, Runit]]
    engines: list[Supervisor] = [kind(work, rootfs) for kind in [Podman, Docker]]
    supervisors: list[Supervisor] = [gocker, GockerOverlay(work, rootfs, ours)]
    for each in [*trees, *engines]:
        if options.only and each.name not in options.only.split(","):
            continue
        if each.missing:
            print(f"not measured: {each.name}: {each.missing}")
        else:
            supervisors.append(each)
    trees = [each for each in trees if each in supervisors]
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    floors = [
        Floor(programs / "fleet", rootfs, kind, order) for kind in Floor.WHAT for order in ["one-by-one", "together"]]
    results = {}
    try:
        results["starts"] = starts(supervisors, floors, options.services, options.rounds)
        results["idle"] = idle([each for each in supervisors if not isinstance(each, GockerOverlay)], options.many, options.idle)
        results["restarts"] = restarts(gocker, trees, work, rootfs / "bin/mayfly", options.many, options.restarts)
    finally:
        for each in supervisors:
            each.close()
    print(f"load {os.getloadavg()[0]:.1f}")
    if options.json:
        Path(options.json).write_text(json.dumps(results))


main()
