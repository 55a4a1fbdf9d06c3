"""containerd, asked by ctr: its shim calls the runtime that is named for each container."""

import contextlib
import os
import re
import signal

import common
from checks import Checks, Failed, eventually, expect, expect_in
from sandbox import IMAGE, Result, Sandbox

CHECKS = Checks()
check = CHECKS


class Containerd(common.Engine):
    def __init__(self, box: Sandbox):
        self._home = box.work / "containerd"
        self._home.mkdir()
        (self._home / "config.toml").write_text(f"""
version = 2
root = "{self._home}/root"
state = "{self._home}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{self._home}/socket"
""")
        super().__init__(box, ["ctr", "-a", self._home / "socket"])
        self.start()
        self("image", "import", box.image)
        self.run("true")
        self.before = box.traces()
        self.kept.append("^/run/containerd/fifo/")  # Of an exec that nobody waited for.

    def start(self) -> None:
        self.daemon = self.box.daemon("containerd", "containerd", "-c", self._home / "config.toml")
        self.daemon.wait_until(lambda: self("version", code=None).code == 0)

    def options(self) -> list[str]:
        return ["--runtime", "io.containerd.runc.v2", "--runc-binary", self.box.runtime]

    def run(self, *command, options: list = [], **rest) -> Result:
        return self("run", "--rm", *self.options(), *options, IMAGE, self.name(), *command, **rest)

    @contextlib.contextmanager
    def task(self, *command, options: list = []):
        """The name of a container that runs meanwhile."""
        name = self.name()
        self("run", "-d", *self.options(), *options, IMAGE, name, *command)
        try:
            yield name
        finally:
            self("task", "rm", "-f", name, code=None)
            self("container", "rm", name, code=None)

    def status(self, name: str) -> str:
        """A task's status, and nothing where there is none."""
        lines = [line.split() for line in self("task", "ls").out.splitlines()]
        return next((line[2] for line in lines if line[0] == name), "")

    def pid(self, name: str) -> int:
        lines = [line.split() for line in self("task", "ls").out.splitlines()]
        return next(int(line[1]) for line in lines if line[0] == name)

    def clear(self) -> None:
        for name in self("container", "ls", "-q").out.split():
            self("task", "rm", "-f", name, code=None)
            self("container", "rm", name)

    def stop(self) -> None:
        self.clear()
        self.daemon.stop()


def start(box: Sandbox) -> Containerd:
    return Containerd(box)


@check("run and its exit code")
def _(e):
    expect(e.run("sh", "-c", "echo $$ $A; exit 7", options=["--env", "A=b"], code=7).out, "1 b\n", "what it says")
    # Not to the end, which ctr does not always pass on.
    expect(e.run("head", "-n", "1", input="hello\n").out, "hello\n", "what comes back from standard input")


@check("what is not there is an error")
def _(e):
    result = e.run("nothing", code=None)
    if result.code == 0 or "not found" not in result.err and "no such file" not in result.err:
        raise Failed(f"exit code {result.code}, {result.err}")


@check("a terminal")
def _(e):
    with e.terminal("run", "-t", "--rm", *e.options(), IMAGE, e.name(), *common.SHELL) as terminal:
        terminal.type("tty\n")
        terminal.wait_for("/dev/pts/0\n")
        common.wait_for_size(terminal, 33, 111)
        terminal.type("exit 5\n")
        expect(terminal.end().code, 5, "the exit code")


@check("exec, at a terminal too")
def _(e):
    with e.task("sleep", "1000") as name:
        result = e("task", "exec", "--exec-id", "one", "--user", "1000", "--cwd", "/tmp", name, "sh", "-c",
                   "id -u; pwd; exit 6", code=6)
        expect(result.out, "1000\n/tmp\n", "what it says")
        with e.terminal("task", "exec", "-t", "--exec-id", "two", name, *common.SHELL) as terminal:
            terminal.type("tty\n")
            terminal.wait_for("/dev/pts/0\n")
            common.wait_for_size(terminal, 33, 111)
            terminal.type("exit 4\n")
            expect(terminal.end().code, 4, "the exit code")
        e("task", "exec", "-d", "--exec-id", "three", name, "sh", "-c", "touch /there; sleep 1000")
        eventually(lambda: e("task", "exec", "--exec-id", "four", name, "ls", "/there", code=None).code == 0, "/there")


@check("pause and resume")
def _(e):
    with e.task("sleep", "1000") as name:
        e("task", "pause", name)
        expect(e.status(name), "PAUSED", "the status")
        e("task", "resume", name)
        expect(e.status(name), "RUNNING", "the status")


@check("kill")
def _(e):
    with e.task("sh", "-c", "trap 'exit 3' USR1; touch /ready; while :; do sleep 0.1; done") as name:
        eventually(lambda: e("task", "exec", "--exec-id", e.name(), name, "ls", "/ready", code=None).code == 0, "/ready")
        e("task", "kill", "-s", "USR1", name)
        eventually(lambda: e.status(name) == "STOPPED", "stopped")
        expect_in("exit code 3", e("task", "rm", name, code=None).err, "what is said of its end")
    with e.task("sleep", "1000") as name:
        e("task", "kill", "-s", "KILL", name)
        eventually(lambda: e.status(name) == "STOPPED", "stopped")


@check("metrics and processes")
def _(e):
    with e.task("sh", "-c", "x=$(head -c 8000000 /dev/zero | tr '\\0' x); sleep 1000; :") as name:
        def metrics() -> str:
            return e("task", "metrics", name).out
        # The names are those of the version of cgroups.
        eventually(lambda: re.search(r"memory\.usage(_in_bytes)? +\d{7}", metrics()), "more than a megabyte is in use")
        expect_in("pids.current", metrics(), "the metrics")
        eventually(lambda: len(e("task", "ps", name).out.splitlines()) == 3, "two processes, and a line above them")


@check("limits are in the files of its cgroup")
def _(e):
    with e.task("sleep", "1000", options=["--memory-limit", "67108864", "--cpus", "0.5"]) as name:
        pid = e.pid(name)
        expect(e.box.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"), "67108864", "memory")
        expect_in(e.box.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max"), ["50000", "50000 100000"], "the quota")


@check("a root file system without an image, read-only, with a mount")
def _(e):
    result = e("run", "--rm", *e.options(), "--read-only", "--mount", "type=bind,src=/etc,dst=/www,options=rbind:ro",
               "--rootfs", e.box.rootfs, e.name(), "/bin/sh", "-c", "/bin/touch /x; /bin/ls /www/passwd", code=0)
    expect((result.out, result.err), ("/www/passwd\n", "touch: /x: Read-only file system\n"), "what it says")


@check("capabilities, and system calls filtered")
def _(e):
    seen = e.run("grep", "-E", "^(CapEff|Seccomp):", "/proc/self/status",
                 options=["--cap-drop", "CAP_CHOWN", "--seccomp"]).out.split()
    expect((int(seen[1], 16) & 1, seen[3]), (0, "2"), "CAP_CHOWN and the filter's mode")


@check("containerd is killed: the task goes on and is found again")
def _(e):
    with e.task("sleep", "1000") as name:
        before = e.pid(name)
        e.daemon.stop(signal.SIGKILL)
        e.start()
        expect((e.status(name), e.pid(name)), ("RUNNING", before), "status and process")
        expect(e("task", "exec", "--exec-id", "x", name, "echo", "hello").out, "hello\n", "exec")
        os.kill(before, signal.SIGKILL)
        eventually(lambda: e.status(name) == "STOPPED", "stopped")
        expect_in("exit code 137", e("task", "rm", name, code=None).err, "what is said of its end")


@check("nothing is left of removed containers")
def _(e):
    e.clear()
    common.check_that_nothing_is_left(e)
