"""What the checks need from Debian's archive: made on the host, because they have no network."""

import pathlib
import subprocess
import time


def debian(work: pathlib.Path, name: str, packages: list[str]) -> None:
    """Makes NAME.tar, a root file system of Debian 12 with these packages besides the most basic ones."""
    began = time.monotonic()
    print(f"making {name}.tar with {' '.join(packages) or 'nothing further'}", flush=True)
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", *([f"--include={','.join(packages)}"] if packages else []),
         "bookworm", work / f"{name}.tar", "/etc/apt/sources.list.d/debian.sources"],
        check=True, stdin=subprocess.DEVNULL)
    print(f"made it in {time.monotonic() - began:.0f} s", flush=True)


def make(work: pathlib.Path, parts: list[str]) -> None:
    """Makes what these parts of the checks need, in the directory that they see."""
    if "package" in parts:
        subprocess.run([pathlib.Path(__file__).resolve().parent.parent / "install-dependencies", "lintian"], check=True)
        # Nothing of what the package recommends but busybox, and those who look for what it brings.
        debian(work, "debian", "busybox-static systemd man-db bash-completion zsh fish".split())
