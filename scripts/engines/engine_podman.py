"""Podman: no daemon; conmon calls the runtime."""

import os

import common
from checks import Checks, eventually, expect, expect_in
from common import FOREVER, IMAGE, Engine
from sandbox import Sandbox, default_ulimits

check = Checks()


class Podman(Engine):
    remove = ["rm", "-f", "-t", "0"]

    def clear(self) -> None:
        self("pod", "rm", "-a", "-f", "-t", "0")
        self("rm", "-a", "-f", "-t", "0")

    def stop(self) -> None:
        self.clear()

    def was_out_of_memory(self, container) -> bool:
        # Podman 4.3 looks for conmon's note in another directory than that where conmon leaves it: ours.
        return (self.box.work / "oom").exists()


def start(box: Sandbox) -> Podman:
    home = box.work / "podman"
    home.mkdir()
    configuration = home / "containers.conf"
    configuration.write_text(f"""
[containers]
{default_ulimits()}
[network]
network_backend = "netavark"
network_config_dir = "{home}/networks"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime_supports_json = ["{os.path.basename(box.runtime)}"]
""")
    os.environ["CONTAINERS_CONF"] = str(configuration)
    podman = Podman(box, ["podman", "--root", home / "root", "--runroot", home / "run", "--tmpdir", home / "tmp",
                          "--runtime", box.runtime])
    podman("load", "-q", "-i", box.image)
    # What stays for good is made by the first container.
    podman("run", "--rm", IMAGE, "true")
    podman.before = box.traces()
    # Of pods it removes the cgroups of the first version's controllers only.
    podman.kept += [r"^/run/containers/networks/aardvark", r"/libpod_parent/[0-9a-f]{64}$"]
    return podman


@check("the runtime is the one")
def _(e):
    with e.container(*FOREVER) as c:
        expect(c.inspect(".OCIRuntime"), e.box.runtime, "OCIRuntime")


@check("a root file system without an image")
def _(e):
    seen = e("run", "--rm", "--rootfs", e.box.rootfs, "/bin/echo", "hi").out
    expect(seen, "hi\n", "the output")


@check("a pod of two containers")
def _(e):
    e("pod", "create", "--name", "pod", "--share", "net,ipc,uts,pid")
    e("run", "-d", "--pod", "pod", "--name", "web", IMAGE, "httpd", "-f", "-p", "80", "-h", "/etc")
    seen = e("run", "--rm", "--pod", "pod", IMAGE, "sh", "-c", """timeout 5 wget -qO- http://127.0.0.1/nsswitch.conf; ps
        for n in net ipc uts pid; do readlink /proc/self/ns/$n; done""").out
    expect_in("hosts: files dns", seen, "what the other answers")
    expect_in("httpd", seen, "ps")
    pid = e("inspect", "--format", "{{.State.Pid}}", "web").out.strip()
    for name in ["net", "ipc", "uts", "pid"]:
        expect_in(os.readlink(f"/proc/{pid}/ns/{name}"), seen, "the namespaces")
    e("pod", "pause", "pod")
    e("pod", "unpause", "pod")
    e("pod", "rm", "-f", "-t", "0", "pod")


@check("healthcheck run")
def _(e):
    with e.container("--health-cmd", "test -e /healthy", "--health-interval", "disable", *FOREVER) as c:
        e("healthcheck", "run", c.name, code=1)
        c.exec(c.name, "touch", "/healthy")
        e("healthcheck", "run", c.name)


@check("--privileged")
def _(e):
    look = "grep -E '^(CapEff|CapBnd|Seccomp):' /proc/self/status"
    seen = e.out("--privileged", IMAGE, "sh", "-c", f"{look}; mount -t tmpfs tmpfs /tmp; ls /dev").split("\n")
    bounding = e.box.run("grep", "CapBnd", "/proc/self/status").out.split()[1]
    expect([line.split()[1] for line in seen[:3]], [bounding, bounding, "0"], "capabilities and filter")
    for device in ["kmsg", "random"]:
        expect_in(device, seen, "the devices")


@check("--systemd=false and --systemd=always")
def _(e):
    look = "grep -c ' /run ' /proc/mounts; :"
    expect(e.out("--systemd=false", IMAGE, "sh", "-c", look), "0", "the number of mounts at /run without systemd")
    expect(e.out("--systemd=always", IMAGE, "sh", "-c", look), "1", "the number of mounts at /run with systemd")


@check("a user namespace")
def _(e):
    seen = e.out("--uidmap", "0:100000:65536", "--gidmap", "0:100000:65536", IMAGE, "sh", "-c",
                 "cat /proc/self/uid_map; touch /x && stat -c %u /x; id -u")
    expect(seen.split(), ["0", "100000", "65536", "0", "0"], "the map, a file's owner and the user")


@check("files in and out of a container")
def _(e):
    with e.container(*FOREVER) as c:
        e("cp", e.box.rootfs / "etc/group", f"{c.name}:/copied")
        expect(c.exec(c.name, "cat", "/copied").out, (e.box.rootfs / "etc/group").read_text(), "the copy")


@check("attach")
def _(e):
    name = e.name()
    e("create", "-i", "--name", name, IMAGE, "cat")
    expect(e("start", "-ai", name, input="hello\n").out, "hello\n", "what comes back")
    e("rm", name)


@check("a pod from Kubernetes' YAML")
def _(e):
    file = e.box.work / "pod.yaml"
    file.write_text(f"""
apiVersion: v1
kind: Pod
metadata: {{name: kube}}
spec:
  containers:
  - name: one
    image: {IMAGE}
    command: [sh, -c, "echo $GREETING; sleep 1000"]
    env: [{{name: GREETING, value: hello}}]
    resources: {{limits: {{memory: 64Mi}}}}
""")
    e("play", "kube", file)
    eventually(lambda: "hello\n" in e("logs", "kube-one").out, "it says hello")
    e("play", "kube", "--down", file)


@check("nothing is left of removed containers")
def _(e):
    e.clear()
    common.check_that_nothing_is_left(e)


CHECKS = common.CHECKS + check
