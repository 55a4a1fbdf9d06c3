"""Times how long each tool takes to load stack files and print their canonical form. Started by bench/run."""

import argparse
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

SERVICES = 10_000
LARGEST = 39
TIMEOUT = 600


def write_large(path: Path) -> None:
    """A stack of 10,000 services with what such files have: anchors, variables, mounts, health checks, dependencies."""
    with path.open("w") as file:
        file.write("x-common: &common\n  restart: always\n  mem_limit: 64m\nservices:\n")
        for number in range(SERVICES):
            port = 8000 + number % 1000
            file.write(
                f"  s{number}:\n    <<: *common\n    image: busybox:1\n    command: [httpd, -f, -p, '{port}']\n"
                f"    environment:\n      PORT: '{port}'\n      LEVEL: ${{LEVEL:-info}}\n"
                f"    healthcheck: {{test: [CMD, 'true'], interval: 30s, retries: 3}}\n"
                f"    volumes: ['./data/{number}:/data:ro']\n")
            if number:
                file.write(f"    depends_on: [s{number // 2}]\n")


def seconds(command: list[str], path: Path) -> float | None:
    """How long a tool takes for one file; nothing where it refuses it or does not end."""
    start = time.monotonic()
    try:
        ended = subprocess.run(
            [*command, "-f", path.name, "config"], cwd=path.parent, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=TIMEOUT,
            env={"PATH": os.environ["PATH"], "HOME": "/root"})
    except subprocess.TimeoutExpired:
        return None
    return time.monotonic() - start if ended.returncode == 0 else None


def largest(folder: str) -> list[Path]:
    files = [file for file in Path(folder).rglob("*.y*ml") if file.is_file()]
    return sorted(files, key=lambda file: file.stat().st_size, reverse=True)[:LARGEST]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--ours", required=True)
    options = parser.parse_args()
    tools = {"gocker-compose": [options.ours]}
    for name in ["docker-compose", "podman-compose"]:
        if path := shutil.which(name):
            tools[name] = [path]
        else:
            print(f"not measured: {name} config: it is not there")

    large = Path(options.work, "large.yaml")
    write_large(large)
    print(f"\nLoading a stack of {SERVICES} services ({large.stat().st_size / 2**20:.1f} MiB) and printing it")
    ours = None
    for name, command in tools.items():
        # Five runs of ours take a fraction of one of theirs.
        times = [seconds(command, large) for _ in range(5 if ours is None else 1)]
        if None in times:
            print(f"  {name:16} refused it, or took more than {TIMEOUT} s")
            continue
        took = statistics.median(times)
        ours = ours or took
        print(f"  {name:16} {took:8.2f} s   {took / ours:7.1f} times ours")

    corpus = os.environ.get("GOCKER_CONFORMANCE")
    if not corpus:
        print("not measured: other people's stack files: GOCKER_CONFORMANCE names no folder with them")
        return
    files = largest(corpus)
    results = {name: [seconds(command, file) for file in files] for name, command in tools.items()}
    print(f"\nLoading the {len(files)} largest stack files of {os.path.basename(corpus)}, those that a tool accepts")
    for name, times in results.items():
        both = [(own, took) for own, took in zip(results["gocker-compose"], times) if own and took]
        if not both:
            continue
        ratio = sum(took for _, took in both) / sum(own for own, _ in both)
        print(
            f"  {name:16} {len(both):3} files   median {1000 * statistics.median(took for _, took in both):7.1f} ms"
            f"   {ratio:7.1f} times ours on the same files")


main()
