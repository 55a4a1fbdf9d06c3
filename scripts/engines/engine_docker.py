"""Docker: a daemon of its own, which starts a containerd of its own, whose shim calls the runtime."""

import json
import os
import signal

import common
from checks import Checks, Failed, Skipped, eventually, expect, expect_in
from common import FOREVER, IMAGE, Engine
from sandbox import Sandbox

check = Checks()


class Docker(Engine):
    """The engine and its daemon. With live-restore, containers go on when the daemon stops."""

    def __init__(self, box: Sandbox, name: str, **settings):
        """What the settings of its daemon.json say comes in place of what is usual here."""
        self._home = box.work / name
        self._home.mkdir(exist_ok=True)
        self._name = name
        self._settings = settings
        self.socket = f"unix://{self._home}/docker.sock"
        super().__init__(box, ["docker", "-H", self.socket])
        self.live_restore = False
        self.start()
        self("load", "-q", "-i", box.image)
        # What stays for good is made by the first container.
        self("run", "--rm", IMAGE, "true")
        self.before = box.traces()
        # The last is that of runc, which BuildKit uses.
        self.kept += [r"/docker/buildkit$", r"/netns/default$", r"^/run/runc$"]

    def start(self) -> None:
        home = self._home
        (home / "daemon.json").write_text(json.dumps({
            "data-root": f"{home}/data", "exec-root": f"{home}/exec", "pidfile": f"{home}/pid", "hosts": [self.socket],
            "runtimes": {"gocker": {"path": self.box.runtime}}, "default-runtime": "gocker",
            "live-restore": self.live_restore, **self._settings}))
        self.daemon = self.box.daemon(self._name, "dockerd", "--config-file", home / "daemon.json")
        self.daemon.wait_until(lambda: self("version", code=None).code == 0)

    def restart(self, number: int = signal.SIGTERM) -> None:
        self.daemon.stop(number)
        self.start()

    def stop(self) -> None:
        self.clear()
        self.daemon.stop()


def start(box: Sandbox) -> Docker:
    os.environ["DOCKER_BUILDKIT"] = "0"
    return Docker(box, "docker")


@check("the runtime is the one")
def _(e):
    expect(e("info", "--format", "{{.DefaultRuntime}}").out, "gocker\n", "the default")
    with e.container(*FOREVER) as c:
        expect(c.inspect(".HostConfig.Runtime"), "gocker", "the container's")


@check("limits are updated while it runs, that on processes too")
def _(e):
    with e.container("--pids-limit", "50", *FOREVER) as c:
        e("update", "--pids-limit", "60", "--cpuset-cpus", "0", c.name)
        expect(e.box.limit(c.pid, "pids", "pids.max", "pids.max"), "60", "processes")
        expect(e.box.limit(c.pid, "cpuset", "cpuset.cpus", "cpuset.cpus"), "0", "the set of processors")


@check("health")
def _(e):
    with e.container("--health-cmd", "test -e /healthy", "--health-interval", "0.3s", "--health-retries", "1",
                     *FOREVER) as c:
        eventually(lambda: c.inspect(".State.Health.Status") == "unhealthy", "unhealthy")
        c.exec(c.name, "touch", "/healthy")
        eventually(lambda: c.inspect(".State.Health.Status") == "healthy", "healthy")


@check("--privileged")
def _(e):
    look = "grep -E '^(CapEff|Seccomp):' /proc/self/status; mount -t tmpfs tmpfs /tmp && ls /dev"
    result = e("run", "--rm", "--privileged", IMAGE, "sh", "-c", look, code=None)
    bounding = e.box.run("grep", "CapBnd", "/proc/self/status").out.split()[1]
    everything = (1 << int(open("/proc/sys/kernel/cap_last_cap").read()) + 1) - 1
    if result.code != 0 and int(bounding, 16) != everything:
        raise Skipped(f"root here has not all capabilities (but {bounding}), and the runtime: {result.err.strip()}")
    seen = result.out.split("\n")
    # Docker 20.10 knows those of Linux 5.7, fewer than there are.
    known = f"{int(bounding, 16) & (1 << 38) - 1:016x}"
    expect_in([line.split()[1] for line in seen[:2]], [[known, "0"], [bounding, "0"]], "capabilities and filter")
    for device in ["kmsg", "random"]:
        expect_in(device, seen, "the devices")


@check("files in and out of a container")
def _(e):
    with e.container(*FOREVER) as c:
        e("cp", e.box.rootfs / "etc/group", f"{c.name}:/copied")
        expect(c.exec(c.name, "cat", "/copied").out, (e.box.rootfs / "etc/group").read_text(), "the copy")


@check("a build with BuildKit")
def _(e):
    context = e.box.work / "buildkit"
    context.mkdir()
    (context / "Dockerfile").write_text(
        f"FROM {IMAGE} AS first\nRUN echo made >/made\nFROM {IMAGE}\nCOPY --from=first /made /\n")
    # BuildKit's steps use the program runc, whatever the default is: what runs the result does not.
    e("build", "-q", "-t", "built", context, env={**os.environ, "DOCKER_BUILDKIT": "1"})
    expect(e.out("built", "cat", "/made"), "made", "the file")
    e("rmi", "built")


@check("docker-compose up, exec, scale, down", 60)
def _(e):
    project = e.box.work / "project"
    project.mkdir()
    (project / "docker-compose.yml").write_text(f"""
version: "2.4"
services:
  db:
    image: {IMAGE}
    command: [sh, -c, "touch /data/ready; sleep 1000"]
    init: true
    volumes: ["data:/data"]
    healthcheck: {{test: [CMD, test, -e, /data/ready], interval: 0.3s}}
    mem_limit: 64m
  web:
    image: {IMAGE}
    command: [httpd, -f, -p, "80", -h, /etc]
    init: true
    depends_on: {{db: {{condition: service_healthy}}}}
    read_only: true
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
volumes: {{data: {{}}}}
""")
    def compose(*arguments):
        return e.box.run("docker-compose", "--no-ansi", "-H", e.socket, *arguments, cwd=project)

    compose("up", "-d")
    seen = compose("exec", "-T", "db", "wget", "-qO-", "http://web/nsswitch.conf").out
    expect(seen, "hosts: files dns\n", "what the neighbour answers")
    compose("up", "-d", "--scale", "web=3")
    expect(len(compose("ps", "-q", "web").out.split()), 3, "the number of containers")
    compose("down", "-v", "-t", "2")
    expect(e("ps", "-aq").out, "", "what is left")


@check("restart policies, when the daemon restarts", 60)
def _(e):
    quick = ["--stop-timeout", "1"]
    with e.container("--restart", "always", *quick, *FOREVER) as always, e.container(*quick, *FOREVER) as never:
        before = always.pid
        e.restart()
        eventually(lambda: always.status == "running", "always runs again")
        if always.pid == before:
            raise Failed("the process is the old one")
        expect(never.status, "exited", "without a policy")


@check("live-restore: stopped and killed, the daemon finds its containers again", 90)
def _(e):
    e.live_restore = True
    e.restart()
    try:
        with e.container("--restart", "always", IMAGE, "sh", "-c", "while :; do echo; sleep 0.1; done") as c:
            before = c.pid
            for number in [signal.SIGTERM, signal.SIGKILL]:
                e.restart(number)
                expect((c.status, c.pid), ("running", before), "status and process")
                expect(c.exec(c.name, "echo", "hello").out, "hello\n", "exec")
            lines = c.logs().count("\n")
            eventually(lambda: c.logs().count("\n") > lines, "it goes on to log")
            os.kill(before, signal.SIGKILL)
            eventually(lambda: c.status == "running" and c.pid not in [0, before], "its policy holds")
            e("stop", "-t", "0", c.name)
            expect(c.status, "exited", "the status")
    finally:
        e.live_restore = False
        e.restart()


@check("nothing is left of removed containers")
def _(e):
    e.clear()
    common.check_that_nothing_is_left(e)


CHECKS = common.CHECKS + check
