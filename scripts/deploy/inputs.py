"""What the checks need from Debian's archive, from PyPI, and from the host's toolchain: made on the host, because they have
no network."""

import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
# What Swift takes to build, as its own image for Debian 12 has it; the rest is what scripts/install-dependencies names.
SWIFT_PACKAGES = """binutils ca-certificates git libc6-dev libcurl4 libgcc-12-dev libncurses6 libsqlite3-0
    libstdc++-12-dev libuuid1 libxml2 pkg-config""".split()
# The parts of a toolchain that build programs. The others are more than half of it.
TOOLCHAIN = ["bin/clang*", "bin/ld.lld", "bin/lld", "bin/swift", "bin/swift-autolink-extract", "bin/swift-build",
             "bin/swift-build-tool", "bin/swift-driver", "bin/swift-frontend", "bin/swift-package",
             "bin/swift-plugin-server", "bin/swiftc", "lib/clang", "lib/swift", "lib/swift_static", "share/pm", "share/swift"]
NOT_OF_TOOLCHAIN = ["bin/clangd", "lib/swift/FrameworkABIBaseline", "lib/swift/embedded", "lib/swift/migrator",
                    "lib/swift_static/embedded"]
# The schemas of Kubernetes' API, of all versions that are looked after, with what holds a manifest against them.
VALIDATOR = "kubernetes-validate==1.37.0"
# Where the host has Debian from: the newer form, or the older one.
ARCHIVES = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"]


def debian(work: pathlib.Path, name: str, packages: list[str], hooks: list[str] | None = None) -> None:
    """Makes NAME.tar, a root file system of Debian 12 with these packages besides the most basic ones.

    Hooks are commands of a shell which are run before it is packed, with its directory for $1.
    """
    began = time.monotonic()
    print(f"making {name}.tar with {' '.join(packages) or 'nothing further'}", flush=True)
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", *([f"--include={','.join(packages)}"] if packages else []),
         *(f"--customize-hook={hook}" for hook in hooks or []),
         "bookworm", work / f"{name}.tar", *[path for path in ARCHIVES if pathlib.Path(path).exists()][:1]],
        check=True, stdin=subprocess.DEVNULL)
    print(f"made it in {time.monotonic() - began:.0f} s", flush=True)


def said(*command) -> str:
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout


def toolchain_base(work: pathlib.Path) -> None:
    """Makes toolchain-base.tar, which has all that the Dockerfile's build stage needs: Debian's packages, Swift as it is
    on the host, and the packages of Swift that Gocker is built with, in place of those on GitHub."""
    needed = said(SOURCES / "scripts/install-dependencies", "--list").split()
    packages = work / "swift-packages"
    if not (SOURCES / "Package.resolved").exists():
        subprocess.run(["swift", "package", "resolve"], cwd=SOURCES, check=True)
    urls = [pin["location"] for pin in json.loads((SOURCES / "Package.resolved").read_text())["pins"]]
    settings = []
    for number, url in enumerate(urls):
        subprocess.run(["git", "clone", "--quiet", "--bare", url, packages / f"{number}.git"], check=True)
        settings.append(f'[url "/srv/packages/{number}.git"]\n\tinsteadOf = {url}\n')
    (packages / "gitconfig").write_text("".join(settings))
    # The compiler knows where it is, whatever stands before it in the PATH.
    paths = json.loads(said("swiftc", "-print-target-info"))["paths"]
    toolchain = pathlib.Path(paths["runtimeResourcePath"]).parent.parent
    parts = [str(path.relative_to(toolchain)) for pattern in TOOLCHAIN for path in sorted(toolchain.glob(pattern))]
    without = " ".join(f"--exclude={path}" for path in NOT_OF_TOOLCHAIN)
    debian(work, "toolchain-base", needed + SWIFT_PACKAGES, [
        f'tar -C {shlex.quote(str(toolchain))} -c {without} {shlex.join(parts)} | tar -C "$1/usr" -x --no-same-owner',
        f'cp -r {shlex.quote(str(packages))} "$1/srv/packages"', 'mv "$1/srv/packages/gitconfig" "$1/etc/gitconfig"'])


def validator(work: pathlib.Path) -> None:
    """Makes kubernetes-validate, an environment of Python with the schemas of Kubernetes' API."""
    environment = work / "kubernetes-validate"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin/pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check",
                    VALIDATOR], check=True, stdin=subprocess.DEVNULL)


def make(work: pathlib.Path, parts: list[str]) -> None:
    """Makes what these parts of the checks need, in the directory that they see."""
    if "package" in parts:
        subprocess.run([pathlib.Path(__file__).resolve().parent.parent / "install-dependencies", "lintian"], check=True)
        # Nothing of what the package recommends but busybox, and those who look for what it brings.
        debian(work, "debian", "busybox-static systemd man-db bash-completion zsh fish".split())
    if "image" in parts or "terraform" in parts and shutil.which("terraform"):
        toolchain_base(work)
    if "kubernetes" in parts:
        validator(work)
