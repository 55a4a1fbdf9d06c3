"""What is measured by supervision.py: for each supervisor how it starts so many services and stops them.

A service is a program that sleeps. Those that isolate it give it the same root file system, and no network of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from processes import children, command, descendants, eventually, lock_holder, named, proportional

SLEEP = ["/bin/sleep", "100000"]
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def run(command: list, **options) -> None:
    """Runs something whose words are of interest where it fails. It may leave others behind that hold its standard error."""
    with tempfile.TemporaryFile("w+") as words:
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=words, **{"stdin": subprocess.DEVNULL, **options})
        if ended.returncode != 0:
            words.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))}: exit code {ended.returncode}\n{words.read()[-2000:]}")


def in_memory() -> str:
    """Where there is a file system in memory: /run, but not on every machine."""
    kinds = [line.split()[1:3] for line in open("/proc/mounts")]
    return "/run" if ["/run", "tmpfs"] in kinds else "/dev/shm"


def remove_cgroups(name: str) -> None:
    """Removes what is left of a cgroup that nothing runs in any more."""
    for cgroup in [*Path("/sys/fs/cgroup").glob(f"*/{name}"), Path("/sys/fs/cgroup") / name]:
        for directory, _, _ in os.walk(cgroup, topdown=False):
            try:
                os.rmdir(directory)
            except OSError:
                pass  # Somebody else's containers are in it.


class Supervisor:
    name = ""
    # How many services it is given at most: some take their time.
    most = 1000
    needs: list[str] = []

    def __init__(self, work: Path, rootfs: Path):
        self.work = work / self.name.replace(" ", "-").replace(",", "")
        self.rootfs = rootfs
        self.work.mkdir()

    @property
    def missing(self) -> str | None:
        return next((f"{program} is not there" for program in self.needs if not shutil.which(program)), None)

    def prepare(self, count: int) -> None:
        """Writes what it reads."""

    def up(self) -> None:
        """Returns once everything runs."""

    def down(self) -> None:
        """Returns once nothing does."""

    def processes(self) -> list[int]:
        """Its own, the main one first, while its services run."""
        raise NotImplementedError

    def close(self) -> None:
        """Takes away what it needed for all of it."""

    def memory(self) -> tuple[float, float]:
        """Of the main process, and of all others of it, in MiB."""
        first, *others = self.processes()
        return proportional(first), sum(map(proportional, others))


class Gocker(Supervisor):
    name = "gocker-compose"
    overlay = False

    def __init__(self, work: Path, rootfs: Path, program: Path):
        super().__init__(work, rootfs)
        self.program = program
        self.project = "bench-" + self.name.split(",")[0].split(" ")[-1] + ("-overlay" if self.overlay else "")
        # In memory, as the standard one is.
        self.run = Path(tempfile.mkdtemp(prefix="gocker-bench.", dir=in_memory()))
        self.environment = {**os.environ, "GOCKER_RUN_DIR": str(self.run), "GOCKER_DATA_DIR": str(self.work / "data")}

    def prepare(self, count: int, extra: dict | None = None) -> None:
        service = {"rootfs": {"path": str(self.rootfs), "overlay": self.overlay}, "command": SLEEP, "stop_signal": "KILL"}
        services = {f"s{number}": service for number in range(count)} | (extra or {})
        (self.work / "stack.yaml").write_text(json.dumps({"name": self.project, "services": services}))

    def compose(self, *arguments: str) -> None:
        run([self.program, "-f", self.work / "stack.yaml", *arguments], env=self.environment)

    def up(self) -> None:
        self.compose("up", "-d")

    def down(self) -> None:
        self.compose("down")

    def processes(self) -> list[int]:
        main = lock_holder(self.run / f"{self.project}.lock")
        return [main] + [pid for pid in descendants(main) if command(pid) not in ["sleep", "mayfly"]]

    def close(self) -> None:
        shutil.rmtree(self.run, ignore_errors=True)


class GockerOverlay(Gocker):
    name = "gocker-compose, overlay"
    overlay = True


class Tree(Supervisor):
    """One that runs in the foreground, and whose services are its children or theirs."""

    depth = 1

    def prepare(self, count: int) -> None:
        self.count = count
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        for number in range(count):
            self.add(f"s{number}", [str(self.rootfs / "bin/sleep"), "100000"])

    def add(self, name: str, command: list[str]) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def up(self) -> None:
        self.process = subprocess.Popen(self.command(), **QUIET)

        def is_up() -> bool:
            below = children(self.process.pid)
            if len(below) < self.count:
                return False
            services = below if self.depth == 1 else [pid for child in below for pid in children(child)]
            return sum(command(pid) in ["sleep", "mayfly"] for pid in services) >= self.count

        eventually(is_up, f"{self.name} with {self.count} services")

    def processes(self) -> list[int]:
        services = descendants(self.process.pid)
        return [self.process.pid] + [pid for pid in services if command(pid) not in ["sleep", "mayfly"]]


class Supervisord(Tree):
    name = "supervisord"
    needs = ["supervisord"]

    def prepare(self, count: int) -> None:
        self.programs: list[str] = []
        super().prepare(count)

    def add(self, name: str, command: list[str]) -> None:
        self.programs.append(
            f"[program:{name}]\ncommand={' '.join(command)}\nstartsecs=0\nautorestart=true\nstopsignal=KILL\n")

    def command(self) -> list[str]:
        # Without a descriptor for each log it takes three for each service.
        head = (f"[supervisord]\nnodaemon=true\nlogfile={self.work}/log\npidfile={self.work}/pid\n"
                f"childlogdir={self.work}\nminfds=15000\n")
        (self.work / "conf").write_text(head + "".join(self.programs))
        return ["supervisord", "-c", str(self.work / "conf")]

    def down(self) -> None:
        self.process.terminate()
        self.process.wait()


class ScanDirectory(Tree):
    depth = 2

    def add(self, name: str, command: list[str]) -> None:
        directory = self.work / "scan" / name
        directory.mkdir(parents=True)
        (directory / "run").write_text(f"#!/bin/sh\nexec {' '.join(command)}\n")
        (directory / "run").chmod(0o755)


class S6(ScanDirectory):
    name = "s6-svscan"
    needs = ["s6-svscan", "s6-supervise"]

    def command(self) -> list[str]:
        return ["s6-svscan", "-c", "2000", str(self.work / "scan")]

    def down(self) -> None:
        subprocess.run(["s6-svscanctl", "-t", str(self.work / "scan")], check=True)
        self.process.wait()
        eventually(lambda: not (self.left()), f"{self.name} down")

    def left(self) -> bool:
        return any(str(self.work) in self.cwd(pid) for pid in named("s6-supervise"))

    @staticmethod
    def cwd(pid: int) -> str:
        try:
            return os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            return ""


class Runit(ScanDirectory):
    name = "runsvdir"
    needs = ["runsvdir", "runsv"]

    def command(self) -> list[str]:
        return ["runsvdir", str(self.work / "scan")]

    def down(self) -> None:
        runsv = children(self.process.pid)
        self.process.send_signal(signal.SIGHUP)
        self.process.wait()
        eventually(lambda: not any(command(pid) == "runsv" for pid in runsv), f"{self.name} down")


class Podman(Supervisor):
    name = "podman-compose"
    most = 20
    needs = ["podman-compose", "podman", "runc"]

    def __init__(self, work: Path, rootfs: Path):
        super().__init__(work, rootfs)
        # Podman takes no longer path than 50 characters for it.
        self.state = tempfile.mkdtemp(prefix="gocker-bench.", dir="/tmp")

    def prepare(self, count: int) -> None:
        self.count = count
        (self.work / "containers.conf").write_text(
            '[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]\n')
        # With limits that do not depend on what the machine allows, and a runtime that runs wherever there are cgroups.
        wrapper = self.work / "podman"
        wrapper.write_text(
            f"#!/bin/sh\nexport CONTAINERS_CONF={self.work}/containers.conf\nexec podman --root {self.work}/root"
            f' --runroot {self.state} --runtime runc --cgroup-manager cgroupfs "$@"\n')
        wrapper.chmod(0o755)
        tar = subprocess.Popen(["tar", "-C", self.rootfs, "-c", "."], stdout=subprocess.PIPE)
        run([wrapper, "import", "-q", "-", "localhost/bench:1"], stdin=tar.stdout)
        service = {"image": "localhost/bench:1", "command": SLEEP, "network_mode": "none", "stop_signal": "KILL"}
        (self.work / "compose.yaml").write_text(
            json.dumps({"services": {f"s{number}": service for number in range(count)}}))

    def compose(self, *arguments: str) -> None:
        run(["podman-compose", "--podman-path", self.work / "podman", "-p", "gockerbench", "--in-pod", "0", "-f",
             self.work / "compose.yaml", *arguments], cwd=self.work)

    def up(self) -> None:
        self.compose("up", "-d")

    def down(self) -> None:
        self.compose("down")

    def processes(self) -> list[int]:
        # Nothing runs but one for each container.
        conmons = [pid for pid in named("conmon") if str(self.work) in self.arguments(pid)]
        if len(conmons) != self.count:
            raise RuntimeError(f"{len(conmons)} containers run, not {self.count}")
        return [0] + conmons

    @staticmethod
    def arguments(pid: int) -> str:
        try:
            return Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return ""

    def close(self) -> None:
        subprocess.run([self.work / "podman", "rm", "-af", "-t", "0"], **QUIET)
        subprocess.run([self.work / "podman", "rmi", "-af"], **QUIET)
        for mount in [self.work / "root/overlay", self.work / "root/vfs"]:
            subprocess.run(["umount", mount], **QUIET)
        remove_cgroups("libpod_parent")
        shutil.rmtree(self.state, ignore_errors=True)


class DockerDaemon:
    """A daemon of our own, without networks, that knows a root file system as the image `bench:1`."""

    needs = ["dockerd", "docker", "containerd"]

    def __init__(self, work: Path, rootfs: Path):
        self.socket = f"unix://{work}/socket"
        self.cgroup = f"gocker-bench-{os.getpid()}"
        (work / "daemon.json").write_text(json.dumps({
            "data-root": f"{work}/data", "exec-root": f"{work}/exec", "pidfile": f"{work}/pid", "hosts": [self.socket],
            "bridge": "none", "iptables": False, "cgroup-parent": f"/{self.cgroup}"}))
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--net", "dockerd", "--config-file", work / "daemon.json"],
            start_new_session=True, **QUIET)
        self.client = [shutil.which("docker", path="/usr/bin") or "docker", "-H", self.socket]
        eventually(lambda: subprocess.run([*self.client, "info"], **QUIET).returncode == 0, "dockerd", 60)
        tar = subprocess.Popen(["tar", "-C", rootfs, "-c", "."], stdout=subprocess.PIPE)
        run([*self.client, "import", "-", "bench:1"], stdin=tar.stdout)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
        remove_cgroups(self.cgroup)


class Docker(Supervisor):
    name = "docker-compose"
    most = 20
    needs = ["docker-compose", *DockerDaemon.needs]

    def prepare(self, count: int) -> None:
        self.count = count
        if not hasattr(self, "daemon"):
            self.daemon = DockerDaemon(self.work, self.rootfs)
        service = {"image": "bench:1", "command": SLEEP, "network_mode": "none", "stop_signal": "KILL"}
        (self.work / "compose.yaml").write_text(json.dumps(
            {"version": "2.4", "services": {f"s{number}": service for number in range(count)}}))

    def compose(self, *arguments: str) -> None:
        run(["docker-compose", "-p", "gockerbench", "-f", self.work / "compose.yaml", *arguments],
            env={**os.environ, "DOCKER_HOST": self.daemon.socket})

    def up(self) -> None:
        self.compose("up", "-d")

    def down(self) -> None:
        self.compose("down")

    def processes(self) -> list[int]:
        # Shims are nobody's children: what they run has our socket in its arguments.
        shims = [pid for pid in named("containerd-shim") if str(self.work) in Podman.arguments(pid)]
        if len(shims) != self.count:
            raise RuntimeError(f"{len(shims)} containers run, not {self.count}")
        return [*self.daemons, *shims]

    @property
    def daemons(self) -> list[int]:
        main = self.daemon.process.pid
        return [main, *descendants(main)]

    def memory(self) -> tuple[float, float]:
        daemons = self.daemons
        return sum(map(proportional, daemons)), sum(proportional(pid) for pid in self.processes() if pid not in daemons)

    def close(self) -> None:
        if hasattr(self, "daemon"):
            self.daemon.close()
