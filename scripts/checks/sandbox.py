"""The place where engines run: mounts, an image, and ways to start commands and daemons."""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import platform
import pty
import resource
import select
import signal
import struct
import subprocess
import tarfile
import termios
import time
from dataclasses import dataclass

from checks import Deadline, Failed, TimedOut, eventually

IMAGE = "localhost/busybox:1"
IMAGE_DIRECTORIES = ["bin", "sbin", "usr/bin", "dev", "etc", "proc", "sys", "tmp", "root", "run", "var/tmp", "www"]
IMAGE_FILES = {
    "etc/passwd": "root:x:0:0::/root:/bin/sh\nsam:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
    "etc/group": "root:x:0:\nsam:x:1000:\nstaff:x:50:sam\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


@dataclass
class Result:
    code: int
    out: str
    err: str


class Sandbox:
    def __init__(self, work: pathlib.Path, runtime: str, hide_unified: bool, on_disk: bool):
        self.runtime = runtime
        self.logs = work / "log"
        self.logs.mkdir()
        # Of commands with many options that are always the same: how reports show them.
        self.short_names: dict[str, str] = {}
        self._log = open(self.logs / "commands", "w")
        self.work = work / "files"
        self.work.mkdir(mode=0o711)
        if not on_disk:
            # All that engines store is in memory, and gone with the last of these processes.
            self.run("mount", "-t", "tmpfs", "-o", "mode=711", "tmpfs", self.work)
        self._mount_private_directories()
        self._mount_cgroups(hide_unified)
        self.run("ip", "link", "set", "lo", "up")
        os.chdir(self.work)
        for name in ["home", "tmp"]:
            (self.work / name).mkdir()
        os.environ |= {"HOME": f"{self.work}/home", "TMPDIR": f"{self.work}/tmp"}
        self.cgroup_mounts = self._cgroup_mounts()
        self.image = self.work / "image.tar"
        self._make_image()

    # Mounts

    def _mount_private_directories(self) -> None:
        """In place of the host's directories that engines and runtimes write to without having been asked to."""
        for directory in ["/run", "/dev/shm"]:
            self.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", directory)
        for directory in ["etc", "opt", "var/lib"]:
            upper, scratch = self.work / "upper" / directory, self.work / "scratch" / directory
            upper.mkdir(parents=True)
            scratch.mkdir(parents=True)
            self.run("mount", "-t", "overlay", "-o", f"lowerdir=/{directory},upperdir={upper},workdir={scratch}",
                     "overlay", f"/{directory}")

    def _cgroup_mounts(self) -> list[tuple[str, str, list[str]]]:
        """Of each hierarchy the mount point, the kind and the controllers."""
        mounts = []
        for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
            before, after = line.split(" - ")
            kind, _, options = after.split()
            if kind in ["cgroup", "cgroup2"]:
                known = {"rw", "ro", "xattr", "clone_children", "nsdelegate"}
                controllers = [option for option in options.split(",")
                               if option not in known and not option.startswith(("release_agent", "memory_"))]
                mounts.append((before.split()[4], kind, controllers))
        return mounts

    def _mount_cgroups(self, hide_unified: bool) -> None:
        """The same layout as the host's, with our cgroups for roots; and a /sys that shows our network."""
        mounts = self._cgroup_mounts()
        self.run("umount", "-R", "-l", "/sys")
        self.run("mount", "-t", "sysfs", "sysfs", "/sys")
        if len(mounts) > 1:
            self.run("mount", "-t", "tmpfs", "-o", "mode=755", "cgroup", "/sys/fs/cgroup")
        for path, kind, controllers in mounts:
            if kind == "cgroup2" and hide_unified and len(mounts) > 1:
                continue
            os.makedirs(path, exist_ok=True)
            if kind == "cgroup2":
                self.run("mount", "-t", kind, kind, path)
                for controller in pathlib.Path(path, "cgroup.controllers").read_text().split():
                    pathlib.Path(path, "cgroup.subtree_control").write_text(f"+{controller}")
                continue
            named = [controller for controller in controllers if controller.startswith("name=")]
            self.run("mount", "-t", kind, "-o", ",".join((["none"] if named else []) + controllers), kind, path)
            for controller in controllers if len(controllers) > 1 else []:
                link = pathlib.Path(path).parent / controller
                if not link.exists():
                    link.symlink_to(pathlib.Path(path).name)

    # The image

    def _make_image(self) -> None:
        """Busybox and a few files, as a root file system and as an image of it, archived as `docker save` does."""
        root = self.rootfs = self.work / "rootfs"
        for directory in IMAGE_DIRECTORIES:
            (root / directory).mkdir(parents=True)
        for directory in ["tmp", "var/tmp", "www"]:
            (root / directory).chmod(0o1777)
        for file, text in IMAGE_FILES.items():
            (root / file).write_text(text)
        (root / "bin/busybox").write_bytes(pathlib.Path("/bin/busybox").read_bytes())
        (root / "bin/busybox").chmod(0o755)
        for applet in self.run("/bin/busybox", "--list").out.split():
            if applet != "busybox":
                (root / "bin" / applet).symlink_to("busybox")
        layer, configuration, manifest = (self.work / name for name in ["layer.tar", "config.json", "manifest.json"])
        with tarfile.open(layer, "w") as archive:
            archive.add(root, ".")
        configuration.write_text(json.dumps({
            "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()], "os": "linux",
            "history": [{"created_by": "busybox"}],
            "config": {"Env": ["PATH=/sbin:/bin"], "Cmd": ["sh"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer.read_bytes()).hexdigest()}"]}}))
        manifest.write_text(json.dumps([{"Config": configuration.name, "RepoTags": [IMAGE], "Layers": [layer.name]}]))
        with tarfile.open(self.image, "w") as archive:
            for file in [manifest, configuration, layer]:
                archive.add(file, file.name)

    # Commands

    def log(self, text: str) -> None:
        self._log.write(text)
        self._log.flush()

    def run(self, *command, code: int | None = 0, input: str | None = None, **options) -> Result:
        """Runs a command and checks its exit code, unless that may be any (None)."""
        command = [str(word) for word in command]
        # Files, not pipes: what a command leaves running may keep them open.
        with (self._temporary() as stdin, self._temporary() as out, self._temporary() as err):
            stdin.write((input or "").encode())
            stdin.seek(0)
            began = time.monotonic()
            timed_out = False
            process = subprocess.Popen(
                command, stdin=stdin if input is not None else subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True, **options)
            try:
                process.wait(None if Deadline.at == float("inf") else Deadline.left())
            except subprocess.TimeoutExpired:
                timed_out = True
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            took = time.monotonic() - began
            texts = []
            for file in [out, err]:
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
            result = Result(process.returncode, *texts)
        self.log(f"$ {' '.join(command)}\n{result.out}{result.err}[{result.code}, {took:.2f} s]\n")
        words = self.shown(command)
        if timed_out:
            raise TimedOut(f"timed out: {words}\n{result.out}{result.err}".rstrip())
        if code is not None and result.code != code:
            raise Failed(f"exit code {result.code}, not {code}: {words}\n{result.out}{result.err}".rstrip())
        return result

    def get(self, url: str) -> str:
        """What a server answers, or nothing."""
        return self.run("timeout", "5", "busybox", "wget", "-qO-", url, code=None).out

    def shown(self, command: list[str]) -> str:
        words = " ".join(command)
        for long, short in self.short_names.items():
            words = words.replace(long, short)
        return words

    def _temporary(self):
        return open(os.memfd_create("output"), "w+b")

    def daemon(self, name: str, *command) -> "Daemon":
        return Daemon(self, name, [str(word) for word in command])

    def terminal(self, *command) -> "Terminal":
        return Terminal(self, [str(word) for word in command])

    # What the kernel says

    def cgroup(self, pid: int, controller: str) -> pathlib.Path:
        """The directory of a process's cgroup in the hierarchy that has a controller."""
        paths = {}
        for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            for each in controllers.split(","):
                paths[each] = path
        for root, kind, controllers in self.cgroup_mounts:
            if kind == "cgroup" and controller in controllers:
                return pathlib.Path(root + paths[controller])
        root = next(root for root, kind, _ in self.cgroup_mounts if kind == "cgroup2")
        return pathlib.Path(root + paths[""])

    def limit(self, pid: int, controller: str, first: str, second: str) -> str:
        """A limit of a process's cgroup, from the file that the version of its controller has."""
        cgroup = self.cgroup(pid, controller)
        file = cgroup / first if (cgroup / first).exists() else cgroup / second
        return file.read_text().strip()

    def traces(self) -> set[str]:
        """All that a runtime might forget to take away: cgroups, mounts, files for as long as the host runs, and
        network namespaces with a name (those are mounts)."""
        found = {directory for root, _, _ in self.cgroup_mounts for directory, _, _ in os.walk(root)}
        found |= {f"mount at {line.split()[4]}" for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()}
        for directory, children, files in os.walk("/run"):
            # Of compiled filters, which no container owns.
            children[:] = [child for child in children if child != ".cache"]
            found |= {directory, *(f"{directory}/{file}" for file in files)}
        return found


class Daemon:
    def __init__(self, box: Sandbox, name: str, command: list[str]):
        box.log(f"$ {' '.join(command)} &\n")
        self._log = box.logs / name
        with open(self._log, "a") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def wait_until(self, ready) -> None:
        def answers() -> bool:
            if self._process.poll() is not None:
                raise Failed(f"ended with {self._process.returncode}: {self._log.read_text()[-2000:]}")
            return ready()
        eventually(answers, f"{self._log.name} answers", 20)

    def stop(self, number: int = signal.SIGTERM) -> None:
        self._process.send_signal(number)
        try:
            self._process.wait(20 * Deadline.patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise Failed(f"{self._log.name} did not stop in time") from None


class Terminal(contextlib.AbstractContextManager):
    """A command at a terminal of its own, with somebody who types."""

    def __init__(self, box: Sandbox, command: list[str], rows: int = 33, columns: int = 111):
        self._box = box
        self._command = box.shown(command)
        self._seen = b""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execvp(command[0], command)

    def _read(self) -> bool:
        """Reads what there is within the time of the check. Says whether there may be more."""
        if not select.select([self._fd], [], [], Deadline.left())[0]:
            raise TimedOut(f"timed out: {self._command}\n{self._text()}")
        try:
            data = os.read(self._fd, 4096)
        except OSError:
            data = b""
        self._seen += data
        return bool(data)

    def _text(self) -> str:
        return self._seen.decode(errors="replace").replace("\r", "")

    def wait_for(self, text: str) -> str:
        while text not in self._text():
            if not self._read():
                raise Failed(f"ended without {text!r}: {self._command}\n{self._text()}")
        return self._text()

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self) -> Result:
        """Waits for the end of the command."""
        while self._read():
            pass
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return Result(os.waitstatus_to_exitcode(status), self._text(), "")

    def __exit__(self, *_) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)
        self._box.log(f"$ {self._command}\n{self._text()}\n")


def default_ulimits() -> str:
    """For containers.conf: Podman asks for more files and processes than root may have that lacks CAP_SYS_RESOURCE."""
    limits = []
    for name, number, most in [("nofile", resource.RLIMIT_NOFILE, 1 << 20), ("nproc", resource.RLIMIT_NPROC, 1 << 15)]:
        hard = resource.getrlimit(number)[1]
        hard = most if hard == resource.RLIM_INFINITY else min(hard, most)
        limits.append(f'"{name}={hard}:{hard}"')
    return f"default_ulimits = [{', '.join(limits)}]"
