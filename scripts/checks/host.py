"""What the scripts that check engines do on the host: packages, cgroups and namespaces of their own, and taking them away."""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
RUNTIME = SCRIPTS.parent / ".build/release/gocker"


def arguments(description: str, parts: list[str]) -> argparse.ArgumentParser:
    """The options that all of these scripts have."""
    parser = argparse.ArgumentParser(
        description=description, epilog="GOCKER_* variables of the environment are passed on to the runtime.")
    parser.add_argument("--runtime", metavar="PATH", default=str(RUNTIME),
                        help="the runtime's program (.build/release/gocker)")
    parser.add_argument("--only", metavar="PART,…", default=",".join(parts), help=f"some of {','.join(parts)}")
    parser.add_argument("--match", metavar="TEXT", default="", help="only checks with this text in their names")
    parser.add_argument("--patience", metavar="N", default="1", help="wait N times as long as usual, on a slow machine")
    parser.add_argument("--keep", action="store_true", help="keep the directory with the logs of all daemons and commands")
    return parser


def parse(parser: argparse.ArgumentParser, parts: list[str]) -> argparse.Namespace:
    options = parser.parse_args()
    options.only = options.only.split(",")
    for part in options.only:
        if part not in parts:
            parser.error(f"unknown part {part!r}: known are {', '.join(parts)}")
    options.runtime = os.path.abspath(shutil.which(options.runtime) or options.runtime)
    if not os.access(options.runtime, os.X_OK):
        parser.error(f"{options.runtime} is not a program: build it, or name one with --runtime")
    if os.getuid() != 0:
        sys.exit(f"{parser.prog}: engines that run containers with limits take root; run this as root")
    return options


def install_packages(packages: list[str]) -> None:
    """Installs what is missing, with a policy that keeps Debian from starting the daemons."""
    policy = pathlib.Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        subprocess.run([SCRIPTS / "install-dependencies", *packages], check=True)
    finally:
        if ours:
            policy.unlink()


def make_cgroups(name: str, made: list[pathlib.Path]) -> None:
    """A cgroup of ours in every hierarchy: the root of all that the engines will see."""
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        before, after = line.split(" - ")
        kind = after.split()[0]
        if kind not in ["cgroup", "cgroup2"]:
            continue
        root = pathlib.Path(before.split()[4])
        cgroup = root / name
        made.append(cgroup)
        cgroup.mkdir(exist_ok=True)
        if kind == "cgroup2":
            # The engines' own processes go one below: with processes in it, a cgroup cannot hand on its controllers.
            (cgroup / "self").mkdir(exist_ok=True)
            for controller in (root / "cgroup.controllers").read_text().split():
                try:
                    (root / "cgroup.subtree_control").write_text(f"+{controller}")
                except OSError as error:
                    print(f"note: the cgroup controller {controller} is not to be had: {error.strerror}", file=sys.stderr)
        for file in ["cpuset.cpus", "cpuset.mems"]:
            if kind == "cgroup" and (cgroup / file).exists():
                (cgroup / file).write_text((root / file).read_text())


def remove_cgroups(cgroups: list[pathlib.Path]) -> None:
    for cgroup in cgroups:
        for _ in range(100):
            for directory, _, _ in os.walk(cgroup, topdown=False):
                try:
                    os.rmdir(directory)
                except OSError:
                    pass  # The kernel is not through with its processes yet.
            if not cgroup.exists():
                break
            time.sleep(0.1)
        else:
            print(f"{cgroup} could not be removed", file=sys.stderr)


def sandbox(cgroups: list[pathlib.Path], command: list[str]) -> subprocess.Popen:
    """Starts a command in namespaces and cgroups of its own. When it ends, or we do, all its processes do."""
    shell = "".join(f"echo 0 >{cgroup}/self/cgroup.procs; " for cgroup in cgroups if (cgroup / "self").exists())
    namespaces = ["--mount", "--net", "--ipc", "--uts", "--pid", "--mount-proc", "--fork", "--kill-child"]
    # The process with number one is one that waits for orphans.
    shell += f'exec unshare {" ".join(namespaces)} catatonit -- "$@"'

    def enter() -> None:
        for cgroup in cgroups:
            (cgroup / "cgroup.procs").write_text("0")

    environment = {name: value for name, value in os.environ.items() if name.startswith("GOCKER_")}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "LANG": "C.UTF-8", "TERM": "xterm"}
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "unshare", "--cgroup", "sh", "-euc", shell, "sh", *command],
        stdin=subprocess.DEVNULL, preexec_fn=enter, env=environment, start_new_session=True)


def run(options: argparse.Namespace, suites: str, modules: list[str], *further: str,
        prepare: Callable[[pathlib.Path], None] = lambda _: None) -> int:
    """Runs the checks of modules of scripts/SUITES in a sandbox, and takes all of it away again. Returns the exit code.

    What takes the host's network is done by `prepare`, which is given a directory that the checks see, too.
    """
    def stop(number: int, _frame) -> None:
        sys.exit(128 + number)

    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(number, stop)
    work = pathlib.Path(tempfile.mkdtemp(prefix=f"gocker-{suites}.", dir="/tmp"))
    work.chmod(0o711)
    process, cgroups = None, []
    try:
        prepare(work)
        make_cgroups(work.name, cgroups)
        process = sandbox(cgroups, [
            sys.executable, "-B", str(SCRIPTS / "checks/main.py"), "--work", str(work), "--runtime", options.runtime,
            "--match", options.match, "--patience", options.patience, *further, *modules])
        return process.wait()
    finally:
        if process and process.poll() is None:
            process.kill()
            process.wait()
        remove_cgroups(cgroups)
        if options.keep:
            print(f"the logs are in {work}/log", file=sys.stderr)
        else:
            shutil.rmtree(work)
