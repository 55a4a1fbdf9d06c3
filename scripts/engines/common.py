"""What Podman and Docker both promise, in the words that both understand."""

import contextlib
import json
import os
import pathlib
import re
import time
from dataclasses import dataclass

from checks import Checks, Failed, eventually, expect, expect_in
from sandbox import IMAGE, Result, Sandbox

CHECKS = Checks()
check = CHECKS


class Engine:
    """A command line that runs containers. What a check starts has a name of its own."""

    # How long a container may take to stop, as an option of `rm`, where there is one.
    remove = ["rm", "-f"]

    def __init__(self, box: Sandbox, command: list):
        self.box = box
        self.before: set[str] = set()
        # What the engine itself leaves, as expressions: the runtime is not to blame.
        # And what a runtime may keep on purpose, in a directory for that.
        self.kept = [r"/some(/parent(/conmon)?)?$", r"/\.cache(/|$)"]
        self._command = command
        box.short_names[" ".join(map(str, command))] = command[0]
        self._names = 0

    def __call__(self, *arguments, **options) -> Result:
        return self.box.run(*self._command, *arguments, **options)

    def terminal(self, *arguments):
        return self.box.terminal(*self._command, *arguments)

    def name(self) -> str:
        self._names += 1
        return f"check{self._names}"

    def out(self, *arguments, **options) -> str:
        """What one container says."""
        return self("run", "--rm", *arguments, **options).out.strip()

    @contextlib.contextmanager
    def container(self, *options_image_and_command):
        """A container that runs meanwhile."""
        name = self.name()
        self("run", "-d", "--name", name, *options_image_and_command)
        try:
            yield Container(self, name)
        finally:
            self(*self.remove, name, code=None)

    def clear(self) -> None:
        """Takes away all containers."""
        names = self("ps", "-aq").out.split()
        if names:
            self(*self.remove, *names)

    def stop(self) -> None:
        pass

    def was_out_of_memory(self, container: "Container") -> bool:
        return container.inspect(".State.OOMKilled") == "true"

    def left(self) -> set[str]:
        """What is there, now that there is no container, that was not there before the first check."""
        return {trace for trace in self.box.traces() - self.before if not any(re.search(kept, trace) for kept in self.kept)}


@dataclass
class Container:
    engine: Engine
    name: str

    def inspect(self, what: str) -> str:
        return self.engine("inspect", "--type", "container", "--format", "{{%s}}" % what, self.name).out.strip()

    @property
    def pid(self) -> int:
        return int(self.inspect(".State.Pid"))

    @property
    def status(self) -> str:
        return self.inspect(".State.Status")

    def logs(self) -> str:
        return self.engine("logs", self.name).out

    def wait(self) -> int:
        return int(self.engine("wait", self.name).out)

    def exec(self, *arguments, **options) -> Result:
        return self.engine("exec", *arguments, **options)

    def wait_for_log(self, text: str) -> None:
        eventually(lambda: text in self.logs(), f"{text!r} in the logs")


def check_that_nothing_is_left(e: Engine) -> None:
    try:
        eventually(lambda: not e.left(), "nothing is left", 5)
    except Failed:
        raise Failed(f"left: {', '.join(sorted(e.left()))}") from None


# A shell without the line editing that asks a terminal where its cursor is.
SHELL = ["sh", "-c", 'while read -r line; do eval "$line"; done']


def wait_for_size(terminal, rows: int, columns: int) -> None:
    """Docker, for one, sets the size a little after the start."""
    terminal.type(f"until [ \"$(stty size)\" = '{rows} {columns}' ]; do sleep 0.1; done 2>/dev/null; echo of'' size\n")
    terminal.wait_for("of size")


FOREVER = [IMAGE, "sleep", "1000"]


# Running

@check("run")
def _(e):
    out = e.out("--hostname", "box", "-e", "A=b c", "-w", "/tmp", IMAGE, "sh", "-c", "echo $$ $(hostname) $A $(pwd)")
    expect(out, "1 box b c /tmp", "what the process says")


@check("exit codes")
def _(e):
    for code in [0, 7, 255]:
        e("run", "--rm", IMAGE, "sh", "-c", f"exit {code}", code=code)


@check("exit code 126 of what cannot be run, 127 of what is not there")
def _(e):
    e("run", "--rm", IMAGE, "/etc/passwd", code=126)
    e("run", "--rm", IMAGE, "/tmp", code=126)
    e("run", "--rm", IMAGE, "/bin/nothing", code=127)
    e("run", "--rm", IMAGE, "nothing", code=127)


@check("out of memory: killed, 137, and said so")
def _(e):
    with e.container("-m", "32m", "--memory-swap", "32m", IMAGE, "tail", "/dev/zero") as c:
        expect(c.wait(), 137, "the exit code")
        if not e.was_out_of_memory(c):
            raise Failed("the engine has not noticed")


@check("standard input through a pipe")
def _(e):
    text = "".join(f"line {number}\n" for number in range(20000))
    expect(e("run", "-i", "--rm", IMAGE, "cat", input=text).out, text, "what comes back")


@check("standard output and error are apart")
def _(e):
    result = e("run", "--rm", IMAGE, "sh", "-c", "echo out; echo err >&2")
    expect((result.out, result.err), ("out\n", "err\n"), "output and error")


@check("a terminal, of the right size, and resized")
def _(e):
    with e.terminal("run", "-it", "--rm", IMAGE, *SHELL) as terminal:
        terminal.type("tty\n")
        terminal.wait_for("/dev/pts/0\n")
        wait_for_size(terminal, 33, 111)
        time.sleep(0.2)  # A client that has told the size once need not listen for changes yet.
        terminal.resize(44, 122)
        wait_for_size(terminal, 44, 122)
        terminal.type("exit 5\n")
        expect(terminal.end().code, 5, "the exit code")


@check("^C at a terminal")
def _(e):
    command = ["sh", "-c", "trap 'exit 9' INT; echo ready; while :; do sleep 0.1; done"]
    with e.terminal("run", "-it", "--rm", IMAGE, *command) as terminal:
        terminal.wait_for("ready")
        terminal.type("\x03")
        expect(terminal.end().code, 9, "the exit code")


@check("created first, started later, and again")
def _(e):
    name = e.name()
    e("create", "--name", name, IMAGE, "sh", "-c", "echo hello; exit 3")
    for _ in range(2):
        expect(e("start", "-a", name, code=3).out, "hello\n", "the output")
    e(*e.remove, name)


# A container that runs

@check("exec: exit codes, user, directory, environment")
def _(e):
    with e.container("-e", "A=b", *FOREVER) as c:
        expect(c.exec(c.name, "sh", "-c", "echo $A $(id -u)").out, "b 0\n", "exec")
        options = ["-u", "1000:50", "-w", "/var/tmp", "-e", "C=d"]
        seen = c.exec(*options, c.name, "sh", "-c", "echo $(id -u):$(id -g) $(pwd) $C").out
        expect(seen, "1000:50 /var/tmp d\n", "exec as another user")
        expect(c.exec("-i", c.name, "cat", input="in\n").out, "in\n", "exec -i")
        c.exec(c.name, "sh", "-c", "exit 6", code=6)
        c.exec(c.name, "/etc/passwd", code=126)
        # 127 is meant; Docker 20.10 says 126.
        expect_in(c.exec(c.name, "nothing", code=None).code, [126, 127], "the exit code")


@check("exec at a terminal")
def _(e):
    with e.container(*FOREVER) as c, e.terminal("exec", "-it", c.name, *SHELL) as terminal:
        terminal.type("tty\n")
        terminal.wait_for("/dev/pts/")
        wait_for_size(terminal, 33, 111)
        terminal.type("exit 4\n")
        expect(terminal.end().code, 4, "the exit code")


@check("exec is in the container's cgroup and namespaces")
def _(e):
    look = """cat /proc/self/cgroup; grep -E 'Cap|Secc' /proc/self/status
        for n in cgroup ipc mnt net pid uts; do readlink /proc/self/ns/$n; done"""
    with e.container("--cgroupns", "host", IMAGE, "sh", "-c", f"{look}; echo ready; sleep 1000") as c:
        c.wait_for_log("ready")
        expect(c.exec(c.name, "sh", "-c", look).out, c.logs().removesuffix("ready\n"), "what exec sees")


@check("logs")
def _(e):
    with e.container(IMAGE, "sh", "-c", "for i in $(seq 1000); do echo line $i; done; echo err >&2; sleep 1000") as c:
        c.wait_for_log("line 1000\n")
        eventually(lambda: e("logs", c.name).err == "err\n", "what was written to standard error")
        expect(c.logs().count("\n"), 1000, "the number of lines")


@check("stats")
def _(e):
    busy = "x=$(head -c 8000000 /dev/zero | tr '\\0' x); while :; do :; done"
    with e.container("-m", "64m", "--cpus", "0.5", IMAGE, "sh", "-c", busy) as c:
        eventually(lambda: e("top", c.name).out.count("\n") == 2, "one process, all others being through")
        time.sleep(0.5)
        out = e("stats", "--no-stream", "--format", "{{.MemUsage}}|{{.CPUPerc}}|{{.PIDs}}", c.name).out
        match = re.match(r"([\d.]+)Mi?B / 6[47][.\d]*Mi?B\|([\d.]+)%\|1$", out)
        if not match or not 7 < float(match[1]) < 64 or not 5 < float(match[2]) < 200:
            raise Failed(f"more than 8 MB of 64, some 50 % of a processor and one process became {out!r}")


@check("top and ps")
def _(e):
    with e.container(IMAGE, "sh", "-c", "sleep 1000; :") as c:
        eventually(lambda: e("top", c.name).out.count("sleep 1000") == 2, "top shows both processes")
        expect_in(c.name, e("ps").out, "ps")


@check("pause and unpause")
def _(e):
    def lines() -> int:
        return c.logs().count("\n")

    with e.container(IMAGE, "sh", "-c", "while :; do echo; sleep 0.05; done") as c:
        eventually(lines, "it runs")
        e("pause", c.name)
        expect(c.status, "paused", "the status")
        time.sleep(0.1)
        before = lines()
        time.sleep(0.5)
        expect(lines(), before, "the number of lines of a paused container")
        e("unpause", c.name)
        eventually(lambda: lines() > before, "it goes on")
        expect(c.status, "running", "the status")
        # One that is paused can be stopped too.
        e("pause", c.name)


@check("kill with a signal")
def _(e):
    with e.container(IMAGE, "sh", "-c", "trap 'exit 3' USR1; echo ready; while :; do sleep 0.1; done") as c:
        c.wait_for_log("ready")
        e("kill", "-s", "USR1", c.name)
        expect(c.wait(), 3, "the exit code")
    with e.container(*FOREVER) as c:
        e("kill", c.name)
        expect(c.wait(), 137, "the exit code")


@check("stop asks first and kills then")
def _(e):
    with e.container(IMAGE, "sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done") as c:
        c.wait_for_log("ready")
        began = time.monotonic()
        e("stop", "-t", "20", c.name)
        if time.monotonic() - began > 10:
            raise Failed("TERM did not end it")
        expect(c.inspect(".State.ExitCode"), "3", "the exit code")
    with e.container(IMAGE, "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done") as c:
        c.wait_for_log("ready")
        e("stop", "-t", "1", c.name)
        expect(c.inspect(".State.ExitCode"), "137", "the exit code")
        e("start", c.name)
        expect(c.status, "running", "the status when started again")


@check("restart")
def _(e):
    with e.container(IMAGE, "sh", "-c", "echo x >>/count; sleep 1000") as c:
        before = c.pid
        e("restart", "-t", "0", c.name)
        if c.pid == before:
            raise Failed("the process is the same")
        eventually(lambda: c.exec(c.name, "cat", "/count").out == "x\nx\n", "the files are the same")


@check("restart policy on-failure:2")
def _(e):
    with e.container("--restart", "on-failure:2", IMAGE, "sh", "-c", "echo try; exit 5") as c:
        eventually(lambda: c.logs() == 3 * "try\n", "three tries")
        eventually(lambda: c.status == "exited", "an end of it")
        expect((c.inspect(".RestartCount"), c.inspect(".State.ExitCode")), ("2", "5"), "restarts and exit code")


@check("restart policy always, of one that was killed")
def _(e):
    with e.container("--restart", "always", *FOREVER) as c:
        before = c.pid
        os.kill(before, 9)
        eventually(lambda: c.status == "running" and c.pid not in [0, before], "it runs again")


# Limits

@check("limits are in the files of its cgroup")
def _(e):
    options = ["-m", "64m", "--memory-swap", "96m", "--memory-reservation", "32m", "--cpus", "0.5", "--cpu-shares", "512",
               "--cpuset-cpus", "0", "--pids-limit", "50"]
    with e.container(*options, *FOREVER) as c:
        def limit(*files) -> str:
            return e.box.limit(c.pid, *files)

        expect(limit("memory", "memory.limit_in_bytes", "memory.max"), "67108864", "memory")
        expect(limit("memory", "memory.soft_limit_in_bytes", "memory.low"), "33554432", "reserved memory")
        expect(limit("cpuset", "cpuset.cpus", "cpuset.cpus"), "0", "the set of processors")
        expect(limit("pids", "pids.max", "pids.max"), "50", "processes")
        expect_in(limit("cpu", "cpu.cfs_quota_us", "cpu.max"), ["50000", "50000 100000"], "the quota of processors")
        # There are two formulas for the second version's weight, an old one and a new one.
        expect_in(limit("cpu", "cpu.shares", "cpu.weight"), ["512", "20", "59"], "the share of processors")


@check("a limit on processes holds")
def _(e):
    seen = e("run", "--rm", "--pids-limit", "20", IMAGE, "sh", "-c", "for i in $(seq 40); do sleep 3 & done", code=2).err
    expect_in("can't fork", seen, "what the 21st fork says")


@check("limits are updated while it runs")
def _(e):
    with e.container("-m", "64m", "--memory-swap", "64m", "--cpus", "0.5", *FOREVER) as c:
        pid = c.pid
        e("update", "-m", "48m", "--memory-swap", "48m", "--cpu-shares", "256", c.name)
        expect(e.box.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"), "50331648", "memory")
        expect_in(e.box.limit(pid, "cpu", "cpu.shares", "cpu.weight"), ["256", "10", "35"], "the share of processors")
        expect_in(e.box.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max"), ["50000", "50000 100000"], "the quota as it was")


@check("a cgroup below a named parent")
def _(e):
    with e.container("--cgroup-parent", "/some/parent", *FOREVER) as c:
        expect_in("/some/parent/", str(e.box.cgroup(c.pid, "memory")), "the cgroup")


@check("a cgroup namespace of its own")
def _(e):
    seen = e.out("--cgroupns", "private", IMAGE, "cut", "-d:", "-f3", "/proc/self/cgroup")
    expect(set(seen.split("\n")), {"/"}, "the cgroups seen from inside")


@check("rlimits, size of /dev/shm")
def _(e):
    seen = e.out("--ulimit", "nofile=100:200", "--ulimit", "nproc=9000:9000", "--shm-size", "1m", IMAGE, "sh", "-c", """
        ulimit -Sn; ulimit -Hn; awk '/processes/ { print $3 }' /proc/self/limits
        df -k /dev/shm | awk '/shm/ { print $2 }'""")
    expect(seen.split("\n"), ["100", "200", "9000", "1024"], "limits and size")


# Isolation

@check("the usual protection")
def _(e):
    seen = e.out(IMAGE, "sh", "-c", """
        grep -E '^(CapInh|CapAmb|Seccomp):' /proc/self/status | tr '\\n\\t' '  '
        [ -s /proc/timer_list ] && echo timer_list
        echo x 2>/dev/null >/proc/sys/kernel/domainname && echo sysctl
        echo x 2>/dev/null >/proc/sysrq-trigger && echo sysrq
        mount -t tmpfs tmpfs /tmp 2>/dev/null && echo mount
        cat /sys/firmware/* 2>/dev/null
        ls -l /dev | grep -q '[bs]da' && echo disk; :""")
    expect(seen, "CapInh: 0000000000000000 CapAmb: 0000000000000000 Seccomp: 2", "what a process has")


@check("--cap-drop, --cap-add, no-new-privileges")
def _(e):
    seen = e.out("--cap-drop", "all", "--cap-add", "NET_BIND_SERVICE", "--security-opt", "no-new-privileges", IMAGE,
                 "sh", "-c", "grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/self/status")
    expect(seen.split(), ["CapEff:", "0000000000000400", "CapBnd:", "0000000000000400", "NoNewPrivs:", "1"], "what it has")


@check("a profile of system calls of one's own")
def _(e):
    profile = e.box.work / "seccomp.json"
    profile.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
        {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}))
    result = e("run", "--rm", "--security-opt", f"seccomp={profile}", IMAGE, "mkdir", "/x", code=1)
    expect_in("No space left on device", result.err, "what mkdir says")
    seen = e.out("--security-opt", "seccomp=unconfined", IMAGE, "grep", "^Seccomp:", "/proc/self/status")
    expect(seen.split(), ["Seccomp:", "0"], "the mode without a filter")


@check("--read-only with a tmpfs")
def _(e):
    seen = e.out("--read-only", "--tmpfs", "/tmp:size=1m,mode=1777", IMAGE, "sh", "-c",
                 "touch /x 2>&1; touch /tmp/x && df -k /tmp | awk '/tmp/ { print $2 }'")
    expect(seen, "touch: /x: Read-only file system\n1024", "what it can write")


@check("volumes, read-write and read-only, and a named one")
def _(e):
    for name in ["rw", "ro"]:
        (e.box.work / name).mkdir(exist_ok=True)
    (e.box.work / "ro/given").write_text("given\n")
    seen = e.out("-v", f"{e.box.work}/rw:/rw", "-v", f"{e.box.work}/ro:/ro:ro", "-v", "named:/data", IMAGE, "sh", "-c",
                 "echo made >/rw/made; echo kept >/data/kept; cat /ro/given; touch /ro/x 2>&1; :")
    expect(seen, "given\ntouch: /ro/x: Read-only file system", "what it says")
    expect((e.box.work / "rw/made").read_text(), "made\n", "the file that it made")
    expect(e.out("-v", "named:/data", IMAGE, "cat", "/data/kept"), "kept", "what the named volume has")
    e("volume", "rm", "named")


@check("a user and its groups")
def _(e):
    seen = e.out("-u", "1000:1000", "--group-add", "staff", IMAGE, "sh", "-c",
                 "echo $(id -u):$(id -g):$(id -G | tr ' ' '\\n' | sort -n | xargs); grep CapEff /proc/self/status")
    expect(seen.split(), ["1000:1000:50", "1000", "CapEff:", 16 * "0"], "numbers and capabilities")
    expect(e.out("-u", "sam", IMAGE, "sh", "-c", "echo $(id -u) $(id -g) $HOME"), "1000 1000 /tmp", "a user by name")


@check("devices")
def _(e):
    seen = e.out("--cap-add", "MKNOD", "--device", "/dev/zero:/dev/given", IMAGE, "sh", "-c", """
        mkdir /x; mknod /x/kmsg c 1 11; head -c 1 /x/kmsg 2>&1 | head -c 100
        head -c 3 /dev/given | wc -c; echo >/dev/null; ls /dev/ptmx""")
    expect(seen.split("\n"), ["head: /x/kmsg: Operation not permitted", "3", "/dev/ptmx"], "what it can open")


@check("sysctls of its own")
def _(e):
    before = pathlib.Path("/proc/sys/kernel/shmmni").read_text()
    seen = e.out("--sysctl", "net.ipv4.ip_unprivileged_port_start=99", "--sysctl", "kernel.shmmni=77", IMAGE,
                 "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start", "/proc/sys/kernel/shmmni")
    expect(seen, "99\n77", "the values inside")
    expect(pathlib.Path("/proc/sys/kernel/shmmni").read_text(), before, "the value outside")


@check("the host's namespaces")
def _(e):
    names = ["net", "pid", "ipc", "uts"]
    seen = e.out(*[word for name in ["network", "pid", "ipc", "uts"] for word in (f"--{name}", "host")], IMAGE,
                 "sh", "-c", "for n in net pid ipc uts mnt; do readlink /proc/self/ns/$n; done").split("\n")
    expect(seen[:4], [os.readlink(f"/proc/self/ns/{name}") for name in names], "namespaces")
    if seen[4] == os.readlink("/proc/self/ns/mnt"):
        raise Failed("the mounts are the host's too")


@check("another container's namespaces")
def _(e):
    with e.container("--ipc", "shareable", *FOREVER) as c:
        seen = e.out(*[f"--{name}=container:{c.name}" for name in ["network", "pid", "ipc"]], IMAGE, "sh", "-c",
                     "for n in net pid ipc; do readlink /proc/self/ns/$n; done; ps").split("\n")
        expect(seen[:3], [os.readlink(f"/proc/{c.pid}/ns/{name}") for name in ["net", "pid", "ipc"]], "namespaces")
        expect_in("sleep 1000", "\n".join(seen), "ps")


@check("--init is process 1 and waits for orphans")
def _(e):
    seen = e.out("--init", IMAGE, "sh", "-c", """
        sh -c 'sleep 0.1 & echo $!' >/orphan; sleep 0.5; cat /proc/1/comm; [ ! -e /proc/$(cat /orphan) ] && echo gone""")
    if seen.split("\n") not in [["podman-init", "gone"], ["docker-init", "gone"]]:
        raise Failed(f"process 1 and the orphan: {seen!r}")


# Networks

@check("a network with names")
def _(e):
    e("network", "create", "names")
    try:
        with e.container("--network", "names", IMAGE, "httpd", "-f", "-p", "80", "-h", "/etc") as c:
            seen = e.out("--network", "names", IMAGE, "timeout", "10", "wget", "-qO-", f"http://{c.name}/nsswitch.conf")
            expect(seen, "hosts: files dns", "what the neighbour answers")
    finally:
        e("network", "rm", "names")


@check("no network")
def _(e):
    seen = e.out("--network", "none", IMAGE, "ls", "/sys/class/net")
    expect(seen, "lo", "the interfaces")


@check("a published port")
def _(e):
    with e.container("-p", "127.0.0.1:18080:80", IMAGE, "httpd", "-f", "-p", "80", "-h", "/etc"):
        def answer() -> str:
            return e.box.get("http://127.0.0.1:18080/nsswitch.conf")
        expect(eventually(answer, "it answers"), "hosts: files dns\n", "the answer")


# Images

@check("a multi-stage build")
def _(e):
    context = e.box.work / "context"
    context.mkdir(exist_ok=True)
    (context / "greeting").write_text("hello\n")
    (context / "Dockerfile").write_text(f"""
FROM {IMAGE} AS first
COPY greeting /greeting
RUN tr a-z A-Z </greeting >/made && [ $(id -u) = 0 ] && mkdir /empty
FROM {IMAGE}
ARG WHO=nobody
COPY --from=first /made /made
RUN echo $WHO >>/made && chown sam /made
USER sam
WORKDIR /var/tmp
ENTRYPOINT ["/bin/sh", "-c", "cat /made; id -un; pwd; echo $0"]
CMD ["default"]
""")
    e("build", "--force-rm", "-t", "localhost/built:1", "--build-arg", "WHO=me", context)
    expect(e.out("localhost/built:1"), "HELLO\nme\nsam\n/var/tmp\ndefault", "what the image does")
    failing = f"FROM {IMAGE}\nRUN exit 9\n"
    result = e("build", "--force-rm", "--no-cache", "-f", "-", context, input=failing, code=None)
    if result.code == 0 or "9" not in result.err:
        raise Failed(f"a step that fails: exit code {result.code}, {result.err}")
    e("rmi", "localhost/built:1")
