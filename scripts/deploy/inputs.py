"""What the checks need from Debian's archive and from PyPI: made on the host, because they have no network."""

import pathlib
import subprocess
import sys
import time

# The schemas of Kubernetes' API, of all versions that are looked after, with what holds a manifest against them.
VALIDATOR = "kubernetes-validate==1.37.0"


def debian(work: pathlib.Path, name: str, packages: list[str]) -> None:
    """Makes NAME.tar, a root file system of Debian 12 with these packages besides the most basic ones."""
    began = time.monotonic()
    print(f"making {name}.tar with {' '.join(packages) or 'nothing further'}", flush=True)
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", *([f"--include={','.join(packages)}"] if packages else []),
         "bookworm", work / f"{name}.tar", "/etc/apt/sources.list.d/debian.sources"],
        check=True, stdin=subprocess.DEVNULL)
    print(f"made it in {time.monotonic() - began:.0f} s", flush=True)


def validator(work: pathlib.Path) -> None:
    """Makes kubernetes-validate, an environment of Python with the schemas of Kubernetes' API."""
    environment = work / "kubernetes-validate"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin/pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check",
                    VALIDATOR], check=True, stdin=subprocess.DEVNULL)


def make(work: pathlib.Path, parts: list[str]) -> None:
    """Makes what these parts of the checks need, in the directory that they see."""
    if "package" in parts:
        debian(work, "debian", [])
    if "kubernetes" in parts:
        validator(work)
