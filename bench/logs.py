"""Measures how fast the output of one flooding service is kept, by Gocker and by others who keep output.

usage: bench/logs.py [--seconds N] [--rounds N] [--json FILE]
GOCKER_BIN_DIR has the programs to measure (default: .build/release). What is not installed is not measured: s6-log,
podman with conmon, and dockerd, of which one of our own is started.

A service writes lines of 100 bytes, in large writes or one by one; each tool keeps them with its
standard rotation. Counted is what the service got rid of in the time: all of them hold it back when they are too slow.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import lock_holder
from supervisors import DockerDaemon

HERE = Path(__file__).resolve().parent
LINE = 100
CLOCK = os.sysconf("SC_CLK_TCK")

# Writes lines until the time is over, then says how many bytes that were, in the file COUNT. SIZE is what a write has.
WRITER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
    double seconds = atof(argv[1]);
    size_t size = atol(argv[2]), written = 0;
    char *block = malloc(size);
    for (size_t i = 0; i < size; i++) block[i] = i % 100 == 99 ? '\n' : 'a' + i % 26;
    double begin = now(), end = begin + seconds;
    do {
        for (size_t done = 0; done < size;) {
            ssize_t n = write(1, block + done, size - done);
            if (n < 0) return 1;
            done += n, written += n;
        }
    } while (now() < end);
    double took = now() - begin;
    FILE *count = fopen(argv[3], "w");
    fprintf(count, "%zu %.6f\n", written, took);
    fclose(count);
    return 0;
}
"""


def cpu(pid: int) -> float:
    """The processor time of a process so far, in seconds. See proc(5), /proc/PID/stat."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / CLOCK


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Meter:
    """How much processor time the process that keeps the lines takes."""

    def __init__(self, pid: int | None):
        self._pid = pid
        self._before = cpu(pid) if pid else 0

    def read(self) -> float | None:
        return cpu(self._pid) - self._before if self._pid else None


class Reader:
    """One who follows the log while it is written."""

    def __init__(self, command: list, environment: dict | None = None):
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._sink = subprocess.Popen(["wc", "-l"], stdin=self._process.stdout, stdout=subprocess.PIPE, text=True)

    def end(self, lines: float) -> dict:
        """Gives it a second to show what is there."""
        time.sleep(1)
        taken = cpu(self._process.pid)
        self._process.terminate()
        shown = int(self._sink.communicate()[0])
        self._process.wait()
        return {"reader_cpu": taken, "shown": shown / lines}


class Bench:
    def __init__(self, work: Path, seconds: float, gocker: Path):
        self.work, self.seconds, self.gocker = work, seconds, gocker
        self.rootfs = work / "rootfs"
        subprocess.run([gocker / "gocker", "rootfs", "create", self.rootfs], check=True, stdout=subprocess.DEVNULL)
        source = work / "writer.c"
        source.write_text(WRITER)
        subprocess.run(["gcc", "-O2", "-static", "-o", self.rootfs / "bin/writer", source], check=True)
        self.count = self.rootfs / "tmp/count"
        self.daemon: DockerDaemon | None = None

    def writer(self, size: int, count: str) -> list[str]:
        return ["/bin/writer", str(self.seconds), str(size), count]

    def wait(self, pid: int | None) -> dict:
        """Waits for the writer's report, and says how fast it was."""
        meter = Meter(pid)
        deadline = time.monotonic() + self.seconds + 60
        taken = None
        while not (self.count.exists() and self.count.read_text().endswith("\n")):
            if time.monotonic() > deadline:
                raise RuntimeError("the writer has not ended")
            time.sleep(0.02)
            taken = meter.read()
        taken = meter.read() if taken is None else taken
        written, took = map(float, self.count.read_text().split())
        self.count.unlink()
        return {
            "mb_s": written / took / 1e6, "lines_s": written / LINE / took, "lines": written / LINE,
            "cpu": taken and taken / took}

    # The tools.

    def ours(self, size: int, driver: str = "local", follow: bool = False) -> dict:
        environment = {
            **os.environ, "GOCKER_RUN_DIR": str(self.work / "run"), "GOCKER_DATA_DIR": str(self.work / "data")}
        stack = self.work / "stack.yaml"
        stack.write_text(json.dumps({"name": "bench-logs", "services": {"flood": {
            "rootfs": {"path": str(self.rootfs), "overlay": False}, "command": ["sh", "-c", "until [ -e /tmp/go ]; do "
            "sleep 0.02; done; exec " + " ".join(self.writer(size, "/tmp/count"))],
            "logging": {"driver": driver, "options": {"max-size": "20m", "max-file": "5"} if driver != "none" else {}}}}}))
        go = self.rootfs / "tmp/go"
        go.unlink(missing_ok=True)
        compose = [self.gocker / "gocker-compose", "-f", stack]
        subprocess.run([*compose, "up", "-d"], check=True, env=environment, stderr=subprocess.DEVNULL)
        reader = None
        if follow:
            reader = Reader([*compose, "logs", "-f"], environment)
        try:
            pid = lock_holder(self.work / "run/bench-logs.lock")
            go.touch()
            result = self.wait(pid)
            if reader:
                result |= reader.end(result["lines"])
            return result
        finally:
            go.unlink(missing_ok=True)
            subprocess.run([*compose, "down"], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def s6_log(self, size: int) -> dict:
        directory = self.work / "s6"
        shutil.rmtree(directory, ignore_errors=True)
        log = subprocess.Popen(
            ["s6-log", "t", "n5", "s20000000", str(directory)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        writer = subprocess.Popen(
            [self.rootfs / "bin/writer", *self.writer(size, str(self.count))[1:]], stdout=log.stdin)
        log.stdin.close()
        result = self.wait(log.pid)
        writer.wait()
        log.wait()
        return result

    def podman(self, size: int, follow: bool = False) -> dict:
        name = "gocker-bench-logs"
        # With limits that do not depend on what the machine allows, and a runtime that runs wherever there are cgroups.
        command = [
            "podman", "--runtime", "runc", "run", "-d", "--name", name, "--network", "none", "--ulimit",
            "nofile=20000:20000", "--ulimit", "nproc=32768:32768", "--log-driver", "k8s-file", "--log-opt",
            "max-size=20mb", "--rootfs", self.rootfs, *self.writer(size, "/tmp/count")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        reader = Reader(["podman", "logs", "-f", name]) if follow else None
        shown = subprocess.run(
            ["podman", "inspect", "-f", "{{.ConmonPidFile}}", name], capture_output=True, text=True).stdout.strip()
        pid = int(Path(shown).read_text()) if shown and Path(shown).exists() else None
        try:
            result = self.wait(pid)
            return result | reader.end(result["lines"]) if reader else result
        finally:
            subprocess.run(["podman", "rm", "-f", "-t", "0", name], capture_output=True)

    def docker(self, size: int, driver: str, follow: bool = False) -> dict:
        if not self.daemon:
            directory = self.work / "docker"
            directory.mkdir()
            self.daemon = DockerDaemon(directory, self.rootfs)
        client, name = self.daemon.client, "gocker-bench-logs"
        subprocess.run(
            [*client, "run", "-d", "--name", name, "--network", "none", "--log-driver", driver, "--log-opt",
             "max-size=20m", "--log-opt", "max-file=5", "-v", f"{self.rootfs}/tmp:/tmp", "bench:1",
             *self.writer(size, "/tmp/count")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        reader = Reader([*client, "logs", "-f", name]) if follow else None
        try:
            result = self.wait(self.daemon.process.pid)
            return result | reader.end(result["lines"]) if reader else result
        finally:
            subprocess.run([*client, "rm", "-f", name], capture_output=True)

    def close(self) -> None:
        if self.daemon:
            self.daemon.close()


def tools_of(bench: Bench) -> dict:
    tools = {
        "gocker-compose, local": lambda size: bench.ours(size),
        "gocker-compose, json-file": lambda size: bench.ours(size, "json-file"),
        "gocker-compose, none": lambda size: bench.ours(size, "none"),
        "gocker-compose, local, with logs -f": lambda size: bench.ours(size, follow=True),
    }
    if shutil.which("s6-log"):
        tools["s6-log"] = bench.s6_log
    if shutil.which("podman"):
        tools["podman (conmon), k8s-file"] = bench.podman
        tools["podman, k8s-file, with logs -f"] = lambda size: bench.podman(size, follow=True)
    if all(shutil.which(program) for program in DockerDaemon.needs):
        tools["dockerd, local"] = lambda size: bench.docker(size, "local")
        tools["dockerd, json-file"] = lambda size: bench.docker(size, "json-file")
        tools["dockerd, local, with logs -f"] = lambda size: bench.docker(size, "local", follow=True)
    return tools


def measure(tools: dict, seconds: float, rounds: int) -> dict[str, list[dict]]:
    everything: dict[str, list[dict]] = {}
    for size, label in [(64 << 10, "64 KiB a write"), (LINE, "one line a write")]:
        print(f"\nLines of {LINE} bytes, {label}, {seconds:g} s, median of {rounds}")
        print(f"  {'':38} {'MB/s':>8} {'lines/s':>12} {'CPU':>6} {'MB/CPU s':>9}")
        for name, run in tools.items():
            try:
                results = [run(size // LINE * LINE) for _ in range(rounds)]
            except (RuntimeError, subprocess.CalledProcessError) as error:
                words = error.stderr.decode().strip().splitlines() if getattr(error, "stderr", None) else [str(error)]
                print(f"  {name:38} not measured: {words[-1] if words else error}")
                continue
            everything[f"{name}, {label}"] = results
            median = {key: statistics.median(r[key] or 0 for r in results) for key in results[0]}
            extra = f"   reader {median['reader_cpu']:.1f} s CPU, {median['shown']:.1%} shown" if "shown" in median else ""
            print(
                f"  {name:38} {median['mb_s']:8.0f} {median['lines_s']:12,.0f} {median['cpu']:6.0%}"
                f" {median['mb_s'] / (median['cpu'] or 1):9.0f}{extra}", flush=True)
    return everything


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/logs.py", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, metavar="N", help="how long a service floods (5)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often; the median is shown (3)")
    parser.add_argument("--json", metavar="FILE", help="where to write every single measurement")
    options = parser.parse_args()
    gocker = Path(os.environ.get("GOCKER_BIN_DIR", HERE.parent / ".build/release")).resolve()
    with tempfile.TemporaryDirectory(prefix="gocker-bench-logs.") as folder:
        bench = Bench(Path(folder), options.seconds, gocker)
        try:
            everything = measure(tools_of(bench), options.seconds, options.rounds)
        finally:
            bench.close()
        if options.json:
            Path(options.json).write_text(json.dumps(everything))


if os.geteuid() != 0:
    sys.exit("bench: containers take root here; run this as root")
main()
