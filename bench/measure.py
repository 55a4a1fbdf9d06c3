"""Runs every tool in turn, again and again, and prints how long each took. Started by bench/run."""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time

from tools import Tool, all_tools, make_rootfs


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description="Times /bin/true in a container, whole processes.")
    parser.add_argument("--warm", type=int, default=100, metavar="N", help="runs of each, back to back (100)")
    parser.add_argument("--cold", type=int, default=30, metavar="N", help="runs of each, after a pause (30)")
    parser.add_argument("--pause", type=int, default=150, metavar="MS", help="the pause before a cold run (150)")
    parser.add_argument("--json", metavar="FILE", help="where to write every single measurement")
    parser.add_argument("--work", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


class Stopwatch:
    """A helper that starts commands and times them, so that they do not have Python for a parent."""

    def __init__(self, program: str, *options: str):
        self._process = subprocess.Popen(
            [program, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def time(self, command: list[str]) -> dict:
        self._process.stdin.write("\t".join(command) + "\n")
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"bench: {command[0]} could not be started")
        nanoseconds, code, kibibytes = map(int, answer.split())
        return {"ms": nanoseconds / 1e6, "code": code, "mib": kibibytes / 1024}

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


class Runner:
    """Counts the runs, so that each gets a name of its own, and knows which helper starts which tool."""

    def __init__(self, program: str, tools: list[Tool]):
        hides = {tool.hides_unified for tool in tools}
        self._stopwatches = {hide: Stopwatch(program, *["--hide-unified"][: int(hide)]) for hide in hides}
        self._runs = 0

    def run(self, tool: Tool, wrapper: list[str] = []) -> dict:
        self._runs += 1
        return self._stopwatches[tool.hides_unified].time(wrapper + tool.command(self._runs))

    def close(self) -> None:
        for stopwatch in self._stopwatches.values():
            stopwatch.close()


def try_out(tool: Tool, runner: Runner, log: str) -> None:
    """Runs a tool once and notes why it cannot be measured, in its own words."""
    if tool.missing or runner.run(tool)["code"] == 0:
        return
    code = runner.run(tool, ["sh", "-c", f'exec "$@" 2>{log}', "sh"])["code"]
    with open(log, errors="replace") as file:
        lines = file.read().strip().splitlines()
    tool.missing = f"exit code {code}: {lines[-1] if lines else 'no message'}"


def measure(tools: list[Tool], runner: Runner, rounds: int, pause: float, label: str) -> dict[str, list[dict]]:
    """Lets the tools take turns, so that whatever drifts on the machine drifts for all. Every round has another order:
    what one leaves to be cleaned up by the kernel would otherwise always be paid by the same next one."""
    results = {tool.name: [] for tool in tools}
    order = random.Random(1)
    for number in range(rounds):
        if sys.stderr.isatty():
            print(f"\r{label} {number + 1}/{rounds} ", end="", file=sys.stderr, flush=True)
        for tool in order.sample(tools, len(tools)):
            time.sleep(pause)
            result = runner.run(tool)
            if result["code"] != 0:
                sys.exit(f"bench: {tool.name}: exit code {result['code']} in round {number + 1}")
            results[tool.name].append(result)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return results


def median(results: list[dict], key: str) -> float:
    return statistics.median(result[key] for result in results)


def table(tools: list[Tool], warm: dict, cold: dict) -> list[str]:
    names = [tool.name for tool in tools]
    width = max(map(len, names))
    lines = [
        f"{'':{width}}  back to back         after a pause        peak RSS",
        f"{'':{width}}      ms  gocker/it        ms  gocker/it       MiB",
    ]
    first = {tool.group: tool.name for tool in reversed(tools)}
    for name, group in [(tool.name, tool.group) for tool in tools]:
        row = f"{name:{width}}"
        for results in [warm, cold]:
            milliseconds = median(results[name], "ms")
            # Ours is the first row of a group, where that can be measured.
            ours = first[group] if "gocker run" in first[group] else None
            ratio = f"{median(results[ours], 'ms') / milliseconds:9.2f}" if ours else f"{'-':>9}"
            row += f"  {milliseconds:6.2f}  {ratio}  "
        lines.append(f"{row}  {median(warm[name], 'mib'):6.1f}")
    return lines


def main() -> None:
    options = arguments()
    gocker = os.path.abspath(os.environ["GOCKER"])
    root = f"{options.work}/rootfs"
    make_rootfs(gocker, root)
    tools = all_tools(gocker, options.work, root)
    load = os.getloadavg()[0]
    if load > 0.5 * os.cpu_count():
        print(f"bench: the load is {load:.1f}: every figure will be too high", file=sys.stderr)

    runner = Runner(f"{options.work}/stopwatch", tools)
    for tool in tools:
        try_out(tool, runner, f"{options.work}/stderr")
    able = [tool for tool in tools if not tool.missing]
    if not able:
        sys.exit("bench: nothing can be measured here")
    warm = measure(able, runner, options.warm, 0, "back to back")
    cold = measure(able, runner, options.cold, options.pause / 1000, "after a pause")
    runner.close()

    print(
        f"/bin/true from start to exit, medians of {options.warm} runs back to back and {options.cold} runs"
        f" {options.pause} ms apart,\nLinux {platform.release()}, {os.cpu_count()} processors, load {load:.1f}\n")
    print("\n".join(table(able, warm, cold)))
    for tool in tools:
        if tool.missing:
            print(f"not measured: {tool.name}: {tool.missing}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"warm": warm, "cold": cold}, file)


main()
