"""What /proc says of processes. See proc(5)."""

import time
from pathlib import Path


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    found = children(pid)
    for child in found:
        found.extend(children(child))
    return found


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def named(*names: str) -> list[int]:
    """All processes of the machine with these names."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and command(int(entry.name)) in names]


def proportional(pid: int) -> float:
    """The memory of a process in MiB, with its part of what it shares: PSS."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)


def switches(pid: int) -> int:
    """How often a process has been given or taken the processor."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)


def lock_holder(path: Path) -> int:
    """Who holds a lock on a file. See proc(5), /proc/locks."""
    inode = path.stat().st_ino
    locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return next(int(words[4]) for words in locks if words[1] != "->" and words[5].endswith(f":{inode}"))


def eventually(condition, what: str, seconds: float = 120):
    """Asks again and again until the answer is true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {seconds:g} s: {what}")
        time.sleep(0.002)
