"""The image of the Dockerfile: what is in it, and that containers and stacks run in a container of it."""

import contextlib
import json
import os
import pathlib
import re
import signal
import tarfile
import time

import common
import docker
from checks import Checks, Failed, eventually, expect, expect_in
from sandbox import IMAGE

TAG = "gocker-final"
STACK = "stacks/hello/stack.yaml"
# What is enough in place of --privileged. Where there is AppArmor, apparmor=unconfined is needed too.
FLAGS = ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"]

check = CHECKS = Checks()
start = docker.start


class Up:
    """A container of the image in which a stack is up in the foreground."""

    def __init__(self, engine, *options: str):
        self.engine = engine
        self.name = engine.name()
        engine("run", "-d", "--name", self.name, *options, "--entrypoint", "gocker-compose", TAG, "up", STACK)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.engine(*self.engine.remove, self.name, code=None)

    def compose(self, *words: str, **options):
        return self.engine("exec", self.name, "gocker-compose", "-f", STACK, *words, **options)

    def logs(self) -> str:
        return self.engine("logs", self.name).out

    def states(self) -> list[str]:
        return [row["state"] for row in json.loads(self.compose("ps", "--format", "json").out)]

    def processes(self) -> dict[int, str]:
        """Of the container and of all containers in it: their numbers in this namespace, and their command lines."""
        found = [int(self.engine("inspect", "--format", "{{.State.Pid}}", self.name).out)]
        for pid in found:
            found += map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return {pid: pathlib.Path(f"/proc/{pid}/cmdline").read_text() for pid in found}

    def kill(self, text: str) -> None:
        """A process with this text in its command line, from outside of all containers."""
        os.kill(next(pid for pid, line in self.processes().items() if text in line), signal.SIGKILL)


def check_what_the_services_say(up: Up) -> None:
    """Waits for the crash of hello, which is on purpose, and holds what has been said against the stack's promises."""
    eventually(lambda: "restarted after the crash" in up.logs(), "hello comes back", 20)
    text = up.logs()
    for line in ["I am process 1 on hello", "my root directory: bin dev", "the host's root is mine too: bin dev",
                 "on neighbour, and I see 0 files"]:
        expect_in(line, text, "what the services say")
    if "BAD" in text or int(re.search(r": (\d+) of them run", text)[1]) >= 16:
        raise Failed(f"isolation or limits do not hold: {text}")
    eventually(lambda: up.states() == ["running", "running"], "both services run")


def check_that_it_stops(up: Up) -> None:
    """In order, and well before the engine would kill it."""
    began = time.monotonic()
    up.engine("stop", up.name)
    took = time.monotonic() - began
    expect_in("asked to stop: goodbye", up.logs(), "what hello says last")
    expect(up.engine("inspect", "--format", "{{.State.ExitCode}}", up.name).out, "143\n", "the exit code")
    if took > 8:
        raise Failed(f"stopping took {took:.1f} s")


@check("it is built, without a network", 1500)
def _(e):
    seconds = e.build_image(TAG)
    size = int(e("image", "inspect", "--format", "{{.Size}}", TAG).out)
    print(f"note: built in {seconds:.0f} s; the image has {size / 1e6:.1f} MB", flush=True)
    if size > 80e6:
        raise Failed("that is too large for two programs and busybox")
    labels = json.loads(e("image", "inspect", "--format", "{{json .Config.Labels}}", TAG).out)
    version = e("run", "--rm", TAG, "--version").out.split("\n")[0].removeprefix("gocker version ")
    expect(labels["org.opencontainers.image.version"], version, "the version on its label")


@check("it is built with BuildKit, of other bases", 300)
def _(e):
    # That compiling works has been seen: here the compiler is one that only hands out what it made then.
    context = e.box.work / "handed-out"
    context.mkdir()
    (context / "Dockerfile").write_text(f"""
FROM {TAG} AS made
FROM {docker.BUILD_BASE}
COPY --from=made /usr/bin/gocker /usr/bin/gocker-compose /made/
RUN printf '#!/bin/sh\\nmkdir -p .build/release && cp /made/* .build/release\\n' >/usr/local/bin/swift && chmod +x /usr/local/bin/swift
""")
    e("build", "-q", "-t", "handed-out", context)
    e("build", "--build-arg", "BUILD_BASE=handed-out", "--build-arg", f"FINAL_BASE={IMAGE}", "-t", "other-bases",
      docker.SOURCES, env={**os.environ, "DOCKER_BUILDKIT": "1"})
    expect(e("run", "--rm", "--entrypoint", "/bin/sh", "other-bases", "-c", "gocker --version && ls /").out.split("\n")[0],
           e("run", "--rm", TAG, "--version").out.split("\n")[0], "the program")
    e("rmi", "other-bases", "handed-out")


@check("it has the two programs, the root file system and the stacks, and nothing else")
def _(e):
    archive = e.box.work / "saved.tar"
    e("save", "-o", archive, TAG)
    seen = set()
    with tarfile.open(archive) as saved:
        for layer in json.load(saved.extractfile("manifest.json"))[0]["Layers"]:
            with tarfile.open(fileobj=saved.extractfile(layer)) as files:
                seen |= {member.name.strip("/") for member in files}
    archive.unlink()
    rootfs = e.box.work / "compared"
    e.box.run(e.box.runtime, "rootfs", "create", rootfs)
    expected = {"usr", "usr/bin", "usr/bin/gocker", "usr/bin/gocker-compose", "rootfs", "stacks"}
    for name, directory in [("rootfs", rootfs), ("stacks", docker.SOURCES / "stacks")]:
        expected |= {f"{name}/{path.relative_to(directory)}" for path in directory.rglob("*")}
    expect((sorted(seen - expected), sorted(expected - seen)), ([], []), "what is there and not meant to be, and the reverse")


@check("run /bin/sh at a terminal: process 1, a root of its own, and no way to the program")
def _(e):
    with e.terminal("run", "--rm", "--privileged", "-it", TAG, "run", "/bin/sh") as terminal:
        terminal.wait_for("Running [/bin/sh] as 1\n")
        terminal.type("ps -o pid,args; echo root: $(ls /); echo shown=$?\n")
        seen = terminal.wait_for("shown=0")
        expect_in("    1 /bin/sh\n", seen, "the processes")
        expect_in("root: bin dev etc", seen, "the root")
        terminal.type("ls /proc/1/root/usr/bin/gocker /stacks; find / -name 'gocker*' | wc -l; readlink /proc/*/exe | sort -u; "
                      "echo looked=$?\n")
        seen = terminal.wait_for("looked=0").partition("readlink")[2]
        expect_in("ls: /proc/1/root/usr/bin/gocker: No such file or directory\nls: /stacks: No such file or directory\n0\n"
                  "/bin/busybox\nlooked=0", seen, "what there is of the program")
        terminal.type("exit 7\n")
        expect(terminal.end().code, 7, "the exit code")


@check("a stack runs in it, with restarts and limits, and docker stop takes it down", 90)
def _(e):
    with Up(e, "--privileged") as up:
        check_what_the_services_say(up)
        expect(up.compose("exec", "-T", "hello", "sh", "-c", "hostname; cat /proc/1/comm").out, "hello\nsh\n",
               "what is executed in a service")
        up.kill("trap 'echo \"asked to stop")
        eventually(lambda: up.logs().count("restarted after the crash") == 2, "what was killed comes back")
        check_that_it_stops(up)


@check("process 1 waits for orphans", 60)
def _(e):
    with Up(e, "--privileged") as up:
        check_what_the_services_say(up)
        def of_command() -> list[int]:
            """The client first, then what it has started in the service."""
            return [int(file.parent.name) for file in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                    if file.read_text().endswith("sleep\0" "1234\0") and "docker" not in file.read_text()]

        e("exec", "-d", up.name, "gocker-compose", "-f", STACK, "exec", "-T", "hello", "sleep", "1234")
        eventually(lambda: len(of_command()) == 2, "a command runs in the service")
        client, command = of_command()
        os.kill(client, signal.SIGKILL)
        eventually(lambda: command in up.processes() or command not in of_command(), "its parent is process 1, if it goes on")
        with contextlib.suppress(ProcessLookupError):
            os.kill(command, signal.SIGKILL)
        eventually(lambda: not pathlib.Path(f"/proc/{command}").exists(), "it is gone, and waited for")
        check_that_it_stops(up)


@check("what is enough in place of --privileged", 120)
def _(e):
    with Up(e, *FLAGS) as up:
        check_what_the_services_say(up)
        check_that_it_stops(up)
    expect(e("run", "--rm", *FLAGS, TAG, "run", "sh", "-c", "echo $$").out, "1\n", "the number of a process")


@check("what is not enough is said")
def _(e):
    expect_in("gocker doctor says", e("run", "--rm", TAG, "run", "true", code=125).err, "the message without any option")
    half = ["run", "--rm", "--cap-add", "SYS_ADMIN", TAG]
    expect_in("--security-opt seccomp=unconfined", e(*half, "run", "true", code=125).err, "the message with the capability alone")
    expect_in("forbidden: pivot_root", e(*half, "doctor", code=None).out, "what the doctor says then")


@check("an image of a stack of one's own", 60)
def _(e):
    context = e.box.work / "own"
    context.mkdir()
    (context / "stack.yaml").write_text("services: {web: {rootfs: rootfs, command: [cat, /etc/nsswitch.conf]}}\n")
    (context / "Dockerfile").write_text(f"""
FROM {IMAGE} AS rootfs
FROM {TAG}
COPY --from=rootfs / /srv/rootfs
COPY stack.yaml /srv/
ENTRYPOINT ["gocker-compose", "-f", "/srv/stack.yaml"]
CMD ["up"]
""")
    e("build", "-q", "-t", "own", context)
    expect_in("| hosts: files dns\n", e("run", "--rm", *FLAGS, "own").out, "what the service says")
    e("rmi", "own")


@check("a root file system of docker export")
def _(e):
    directory = e.box.work / "imported"
    script = f"""docker -H {e.socket} export $(docker -H {e.socket} create {IMAGE}) | {e.box.runtime} rootfs import - {directory}
        {e.box.runtime} run --rootfs {directory} sh -c 'id -un; stat -c "%u %a" /tmp; ls -l /bin/sh'"""
    seen = e.box.run("sh", "-euc", script).out
    expect_in("root\n0 1777\n", seen, "what a container of it says")
    expect_in("/bin/sh -> busybox", seen, "its shell")


@check("nothing is left of removed containers")
def _(e):
    e.clear()
    common.check_that_nothing_is_left(e)
