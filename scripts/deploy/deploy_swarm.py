"""Docker Swarm of two nodes, in namespaces of their own and joined by a bridge: a stack file that gocker-compose runs is
exported, its root file system becomes an image, and Swarm runs it with Gocker for the nodes' runtime; then a node is lost."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

from checks import Checks, Failed, eventually, expect, expect_in
from sandbox import Result, Sandbox

CHECKS = Checks()
check = CHECKS
# Names lead to tasks: the other way takes IPVS of the kernel. A client on each node asks for them.
STACK = """
name: shop
services:
  web:
    rootfs: rootfs
    command: [sh, -c, "hostname >/www/index.html; exec httpd -f -p 80 -h /www"]
    stop_grace_period: 1s
    restart: always
    mem_limit: 64m
    deploy: {replicas: 4, endpoint_mode: dnsrr, update_config: {parallelism: 4}}
  client:
    rootfs: rootfs
    command: [sleep, "1000"]
    stop_signal: KILL
    read_only: true
    cap_drop: [ALL]
    restart: always
    pids_limit: 50
    deploy: {mode: global, endpoint_mode: dnsrr}
"""
# What is said in other words there, or at another place.
MORE = """
name: more
services:
  most:
    rootfs: ../shop/rootfs
    entrypoint: [sh, -c]
    command: ["echo $$A; exec sleep 1000"]
    environment: {A: "b $$c"}
    stop_signal: KILL
    user: "1000:50"
    working_dir: /tmp
    extra_hosts: [db=10.1.2.3]
    shm_size: 1m
    tmpfs: ["/scratch:size=2m"]
    ulimits: {nofile: {soft: 100, hard: 200}}
    sysctls: {net.ipv4.ip_unprivileged_port_start: 99}
    secrets: [{source: key, uid: "1000", mode: 0400}]
    configs: [{source: greeting, target: /etc/greeting}]
    volumes: ["data:/data"]
    healthcheck: {test: "grep -q hello /etc/greeting", interval: 500ms}
    cpus: 0.5
    restart: on-failure:3
  host:
    rootfs: ../shop/rootfs
    command: [sleep, "1000"]
    stop_signal: KILL
    network_mode: host
    restart: always
volumes: {data: {}}
secrets: {key: {environment: KEY}}
configs: {greeting: {content: hello}}
"""
REGISTRY = "10.99.0.254:5000"


class Node:
    """A machine: namespaces with a Docker daemon in them, all of whose processes end when it is cut off."""

    def __init__(self, box: Sandbox, home: pathlib.Path, number: int, runtime: str):
        self._box = box
        self._home = home
        home.mkdir(parents=True)
        self.name = f"node{number}"
        self.address = f"10.99.0.{number}"
        self.socket = f"unix://{home}/docker.sock"
        box.short_names[f"docker -H {self.socket}"] = f"docker on {self.name}"
        # Number one of its processes: with it all others end.
        self._first = subprocess.Popen(
            ["unshare", "--mount", "--net", "--uts", "--pid", "--mount-proc", "--fork", "--kill-child",
             "sh", "-c", f"hostname {self.name}; mount -t tmpfs tmpfs /run; exec catatonit -- sleep infinity"],
            stdin=subprocess.DEVNULL, start_new_session=True)
        self._pid = int(eventually(self._child, "the node has a first process"))
        box.run("ip", "link", "add", self.name, "type", "veth", "peer", "name", "eth0", "netns", self._pid)
        box.run("ip", "link", "set", self.name, "master", "lan", "up")
        for words in ["link set lo up", f"addr add {self.address}/24 dev eth0", "link set eth0 up"]:
            self.run("ip", *words.split())
        if runtime == "crun":
            self._hide_second_version()
        (home / "daemon.json").write_text(json.dumps({
            "data-root": f"{home}/data", "exec-root": f"{home}/exec", "pidfile": f"{home}/pid", "hosts": [self.socket],
            "runtimes": {"gocker": {"path": box.runtime}, "crun": {"path": "/usr/bin/crun"}},
            "default-runtime": runtime, "insecure-registries": [REGISTRY]}))
        self._daemon = box.daemon(f"swarm-{runtime}-{self.name}", *self._inside, "dockerd", "--config-file",
                                  home / "daemon.json")
        self._daemon.wait_until(lambda: self("version", code=None).code == 0)

    def _child(self) -> str:
        return pathlib.Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text().strip()

    def _hide_second_version(self) -> None:
        """crun gives up where the second version of cgroups stands beside the first with a controller of its own."""
        kinds = [kind for _, kind, _ in self._box.cgroup_mounts]
        for root, kind, _ in self._box.cgroup_mounts:
            if kind == "cgroup2" and "cgroup" in kinds:
                self.run("umount", root)

    @property
    def _inside(self) -> list[str]:
        return ["nsenter", "-m", "-n", "-u", "-p", "-t", str(self._pid)]

    def run(self, *command, **options) -> Result:
        return self._box.run(*self._inside, *command, **options)

    def __call__(self, *arguments, **options) -> Result:
        return self._box.run("docker", "-H", self.socket, *arguments, **options)

    def containers(self, service: str) -> list[str]:
        return self("ps", "-q", "--filter", f"label=com.docker.swarm.service.name={service}").out.split()

    def cut_off(self) -> None:
        """As if somebody had pulled the plug."""
        self._box.run("ip", "link", "del", self.name, code=None)
        self._first.send_signal(signal.SIGKILL)
        self._first.wait()


class Swarm:
    def __init__(self, box: Sandbox, runtime: str):
        self.box = box
        self.runtime = runtime
        self._home = box.work / f"swarm-{runtime}"
        box.run("ip", "link", "add", "lan", "type", "bridge")
        box.run("ip", "addr", "add", "10.99.0.254/24", "dev", "lan")
        box.run("ip", "link", "set", "lan", "up")
        # A daemon that ran here before has forbidden to forward anything, which goes for bridges, too.
        box.run("iptables", "-P", "FORWARD", "ACCEPT")
        self.nodes: list[Node] = []
        try:
            for number in [1, 2]:
                self.nodes.append(Node(box, self._home / f"node{number}", number, runtime))
            first, second = self.nodes
            first("swarm", "init", "--advertise-addr", first.address)
            token = first("swarm", "join-token", "-q", "worker").out.strip()
            second("swarm", "join", "--token", token, f"{first.address}:2377")
        except Failed:
            self.stop()
            raise

    def __call__(self, *arguments, **options) -> Result:
        """The manager's docker."""
        return self.nodes[0](*arguments, **options)

    def tasks(self, service: str) -> list[tuple[str, str]]:
        """The tasks that run and are meant to: their numbers and nodes."""
        out = self("service", "ps", service, "--filter", "desired-state=running", "--format",
                   "{{.ID}} {{.Node}} {{.CurrentState}}").out
        words = [line.split() for line in out.splitlines()]
        return [(task, node) for task, node, state, *_ in words if state == "Running"]

    def wait_for(self, service: str, count: int, seconds: float = 40) -> list[tuple[str, str]]:
        return eventually(lambda: len(found := self.tasks(service)) == count and found,
                          f"{count} tasks of {service} run", seconds)

    def clear(self) -> None:
        pass

    def stop(self) -> None:
        while self.nodes:
            self.nodes.pop().cut_off()
        self.box.run("ip", "link", "del", "lan", code=None)

    def lose_a_node(self, service: str) -> tuple[float, float]:
        """Cuts the second node off, and says how many seconds it took until Swarm knew, and until all tasks ran again."""
        count = len(self.tasks(service))
        began = time.monotonic()
        self.nodes[1].cut_off()
        eventually(lambda: "node2 Down" in self("node", "ls", "--format", "{{.Hostname}} {{.Status}}").out,
                   "node2 is down", 60)
        known = time.monotonic() - began
        eventually(lambda: [node for _, node in self.tasks(service)] == count * ["node1"],
                   f"{count} tasks of {service} run on node1", 60)
        return known, time.monotonic() - began


class Shop(Swarm):
    """The stack file, the registry and the two nodes that run it."""

    def __init__(self, box: Sandbox):
        self._registry = None
        super().__init__(box, "gocker")
        self.compose = str(pathlib.Path(box.runtime).parent / "gocker-compose")
        self.directory = box.work / "shop"
        self.directory.mkdir()
        (self.directory / "stack.yaml").write_text(STACK)
        box.run("cp", "-a", box.rootfs, self.directory / "rootfs")
        settings = self._home / "registry.yml"
        settings.write_text(json.dumps({
            "version": "0.1", "storage": {"filesystem": {"rootdirectory": f"{self._home}/registry"}},
            "http": {"addr": REGISTRY}}))
        self._registry = box.daemon("registry", "docker-registry", "serve", settings)
        self._registry.wait_until(lambda: self.registry("") == "{}")

    def registry(self, path: str) -> str:
        return self.box.get(f"http://{REGISTRY}/v2/{path}")

    def export(self, *arguments, **options) -> Result:
        return self.box.run(self.compose, "export", "swarm", *arguments, cwd=self.directory, **options)

    def push(self) -> str:
        """Exports to deploy/, and pushes. Returns the image."""
        self.export("-o", "deploy/", "--registry", f"{REGISTRY}/team", "--push", "--insecure")
        return self.image("deploy/stack.yaml")

    def image(self, file: str) -> str:
        [image] = set(re.findall(r"image: (\S+)", (self.directory / file).read_text()))
        return image

    def deploy(self, file: str, stack: str, *options) -> None:
        self("stack", "deploy", *options, "-c", self.directory / file, stack)

    def answers(self, node: Node, service: str, count: int) -> None:
        """From a node, all tasks of web answer by its name."""
        [client] = eventually(lambda: node.containers(f"{service}_client"), f"a client on {node.name}")
        seen: set[str] = set()

        def all_seen() -> bool:
            loop = "for i in 1 2 3 4 5 6 7 8; do timeout 5 wget -qO- http://web/; done"
            seen.update(node("exec", client, "sh", "-c", loop, code=None).out.split())
            return len(seen) == count

        eventually(all_seen, f"{count} tasks answer; {seen} did", 20)

    def stop(self) -> None:
        super().stop()
        if self._registry:
            self._registry.stop()
            self._registry = None


def start(box: Sandbox) -> Shop:
    return Shop(box)


@check("the stack runs here")
def _(e):
    e.box.run(e.compose, "up", "-d", "--wait", "--scale", "web=1", cwd=e.directory)
    eventually(lambda: e.box.get("http://127.0.0.1/") == "web\n", "it answers")
    e.box.run(e.compose, "down", cwd=e.directory)


@check("exported: the services share an image, the same each time, which is in the registry", 60)
def _(e):
    image = e.push()
    name, tag = image.removeprefix(f"{REGISTRY}/").split(":")
    expect(name, "team/shop-client", "the name")
    expect(json.loads(e.registry(f"{name}/tags/list"))["tags"], [tag], "the tags in the registry")
    expect(e.push(), image, "the image of another export")
    # What Docker calls the image is what the tag is of.
    e("pull", "-q", image)
    expect_in(f"sha256:{tag}", e("image", "inspect", "-f", "{{.Id}}", image).out, "the number of the image")


@check("deployed: four tasks on both nodes, with this runtime", 60)
def _(e):
    e.deploy("deploy/stack.yaml", "shop")
    nodes = {node for _, node in e.wait_for("shop_web", 4)}
    expect(nodes, {"node1", "node2"}, "the nodes")
    for node in e.nodes:
        for container in node.containers("shop_web"):
            seen = node("inspect", "-f", "{{.HostConfig.Runtime}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}",
                        container).out
            expect(seen, "gocker 67108864 2048\n", "runtime and limits")


@check("from both nodes they answer by their name")
def _(e):
    for node in e.nodes:
        e.answers(node, "shop", 4)


@check("nothing changes when nothing has changed; a changed root file system is deployed", 90)
def _(e):
    before = e.wait_for("shop_web", 4)
    e.push()
    e.deploy("deploy/stack.yaml", "shop")
    time.sleep(1)
    expect(sorted(e.tasks("shop_web")), sorted(before), "the tasks")
    (e.directory / "rootfs/www/new").write_text("new\n")
    image = e.push()
    e.deploy("deploy/stack.yaml", "shop")
    eventually(lambda: len(now := e.tasks("shop_web")) == 4 and not set(now) & set(before), "four other tasks", 60)
    for container in e.nodes[0].containers("shop_web"):
        expect_in(image, e("inspect", "-f", "{{.Config.Image}}", container).out, "the image")
        expect(e("exec", container, "cat", "/www/new").out, "new\n", "the file")


@check("pushed by docker where there is no skopeo", 60)
def _(e):
    programs = e.box.work / "programs"
    programs.mkdir()
    (programs / "docker").symlink_to("/usr/bin/docker")
    environment = os.environ | {"PATH": str(programs), "DOCKER_HOST": e.nodes[0].socket}
    e.export("-o", "deploy/", "--registry", f"{REGISTRY}/other", "--push", env=environment)
    name, tag = e.image("deploy/stack.yaml").removeprefix(f"{REGISTRY}/").split(":")
    expect(json.loads(e.registry(f"{name}/tags/list"))["tags"], [tag], "the tags in the registry")


@check("without a registry: loaded on each node", 90)
def _(e):
    e.export("-o", "local/")
    [archive] = (e.directory / "local/images").iterdir()
    e.nodes[1]("load", "-q", "-i", archive)
    e.export("-o", "local/", "--load", env=os.environ | {"DOCKER_HOST": e.nodes[0].socket})
    e.deploy("local/stack.yaml", "local", "--resolve-image", "never")
    nodes = {node for _, node in e.wait_for("local_web", 4)}
    expect(nodes, {"node1", "node2"}, "the nodes")
    e.answers(e.nodes[0], "local", 4)
    e("stack", "rm", "local")


@check("what is said in other words holds", 90)
def _(e):
    directory = e.box.work / "more"
    directory.mkdir()
    (directory / "stack.yaml").write_text(MORE)
    export = [e.compose, "export", "swarm", "-o", "out/", "--registry", f"{REGISTRY}/team", "--push", "--insecure"]
    e.box.run(*export, cwd=directory, env=os.environ | {"KEY": "secret"})
    e("stack", "deploy", "-c", directory / "out/stack.yaml", "more")

    def one(service: str) -> tuple[Node, str]:
        e.wait_for(f"more_{service}", 1)
        return next((node, container) for node in e.nodes for container in node.containers(f"more_{service}"))

    node, container = one("most")
    look = """echo $(id -u):$(id -g) $PWD $(ulimit -Sn) $(ulimit -Hn) $(cat /run/secrets/key /etc/greeting)
        grep db /etc/hosts; df -k /dev/shm /scratch | awk '/tmpfs|shm/ { print $2 }'
        cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ls -ld /run/secrets/key | cut -c1-10"""
    expect(node("exec", container, "sh", "-c", look).out.split("\n"),
           ["1000:50 /tmp 100 200 secrethello", "10.1.2.3\tdb", "1024", "2048", "99", "-r--------", ""], "what it sees")
    expect(node("logs", container).out, "b $c\n", "what it says")
    eventually(lambda: node("inspect", "-f", "{{.State.Health.Status}}", container).out == "healthy\n", "it is healthy")
    policy = "{{.Spec.TaskTemplate.RestartPolicy.Condition}} {{.Spec.TaskTemplate.RestartPolicy.MaxAttempts}}"
    expect(e("service", "inspect", "-f", policy, "more_most").out, "on-failure 3\n", "the policy of restarts")
    node, container = one("host")
    expect(node("exec", container, "readlink", "/proc/self/ns/net").out, node.run("readlink", "/proc/self/ns/net").out,
           "the network of the one in the host's")
    e("stack", "rm", "more")


@check("a node is lost: all tasks come back on the other", 120)
def _(e):
    e.wait_for("shop_web", 4)
    known, back = e.lose_a_node("shop_web")
    e.answers(e.nodes[0], "shop", 4)
    print(f"with gocker: lost after {known:.1f} s, all tasks on the other node after {back:.1f} s", flush=True)


@check("nothing is left of a removed stack", 60)
def _(e):
    eventually(lambda: e("stack", "rm", "shop", code=None).code == 0, "the stack is removed", 30)
    eventually(lambda: not e("ps", "-aq").out, "no containers", 30)
    # Of the node that was lost there are the containers' cgroups, with nobody to remove them.
    first = e.nodes[0]
    cgroups = [file for root, _, _ in e.box.cgroup_mounts for file in pathlib.Path(root, "docker").glob("*/cgroup.procs")]
    expect([str(file) for file in cgroups if file.read_text()], [], "cgroups with processes")
    expect(first.run("sh", "-c", "ls /run/gocker 2>/dev/null; :").out.split(), [], "what the runtime keeps")


@check("the same with crun, for comparison", 180)
def _(e):
    e.stop()
    other = Swarm(e.box, "crun")
    try:
        archive = next((e.directory / "local/images").iterdir())
        for node in other.nodes:
            node("load", "-q", "-i", archive)
        other("stack", "deploy", "--resolve-image", "never", "-c", e.directory / "local/stack.yaml", "shop")
        other.wait_for("shop_web", 4)
        known, back = other.lose_a_node("shop_web")
        print(f"with crun: lost after {known:.1f} s, all tasks on the other node after {back:.1f} s", flush=True)
    finally:
        other.stop()
