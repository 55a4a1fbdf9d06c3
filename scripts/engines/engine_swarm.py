"""Docker Swarm of one node. Its tasks run with the daemon's default runtime: there is no other way to name one."""

import os
import signal

import common
from checks import Checks, eventually, expect
from engine_docker import Docker
from sandbox import IMAGE, Sandbox

CHECKS = Checks()
check = CHECKS
# Names lead to tasks, and ports are the host's: the other ways take IPVS of the kernel.
STACK = f"""
version: "3.9"
services:
  web:
    image: {IMAGE}
    command: [sh, -c, "hostname >/www/index.html; exec httpd -f -p 80 -h /www"]
    init: true
    ports: [{{target: 80, mode: host}}]
    networks: [net]
    deploy:
      replicas: 4
      endpoint_mode: dnsrr
      resources: {{limits: {{memory: 64M, pids: 50}}}}
      restart_policy: {{delay: 100ms}}
      update_config: {{parallelism: 4}}
  client:
    image: {IMAGE}
    command: [sleep, "1000"]
    init: true
    read_only: true
    cap_drop: [ALL]
    networks: [net]
    deploy: {{endpoint_mode: dnsrr}}
networks: {{net: {{driver: overlay}}}}
"""


class Swarm(Docker):
    def running(self, service: str) -> list[str]:
        """The containers of the tasks that are meant to run and do."""
        out = self("service", "ps", f"stack_{service}", "--filter", "desired-state=running", "--format",
                   "{{.ID}} {{.CurrentState}}").out
        tasks = [line.split()[0] for line in out.splitlines() if line.split()[1] == "Running"]
        if not tasks:
            return []
        return self("inspect", "--format", "{{.Status.ContainerStatus.ContainerID}}", *tasks).out.split()

    def wait_for(self, service: str, replicas: int) -> list[str]:
        return eventually(lambda: len(found := self.running(service)) == replicas and found,
                          f"{replicas} of {service} run", 25)


def start(box: Sandbox) -> Swarm:
    swarm = Swarm(box, "swarm")
    swarm("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377")
    (box.work / "stack.yml").write_text(STACK)
    swarm("stack", "deploy", "-c", box.work / "stack.yml", "stack")
    return swarm


@check("four replicas run, with this runtime")
def _(e):
    for container in e.wait_for("web", 4):
        expect(e("inspect", "--format", "{{.HostConfig.Runtime}}", container).out, "gocker\n", "the runtime")


@check("their limits are in the files of their cgroups")
def _(e):
    for container in e.wait_for("web", 4):
        pid = int(e("inspect", "--format", "{{.State.Pid}}", container).out)
        expect(e.box.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"), "67108864", "memory")
        expect(e.box.limit(pid, "pids", "pids.max", "pids.max"), "50", "processes")


@check("all four answer, by the service's name and at their ports")
def _(e):
    containers = e.wait_for("web", 4)
    [client] = e.wait_for("client", 1)
    names = {e("inspect", "--format", "{{.Config.Hostname}}", container).out.strip() for container in containers}
    seen = set()

    def all_seen() -> bool:
        loop = "for i in 1 2 3 4 5 6 7 8; do timeout 5 wget -qO- http://web/; done"
        seen.update(e("exec", client, "sh", "-c", loop, code=None).out.split())
        return seen == names

    eventually(all_seen, f"{names} answer; {seen} did", 15)
    ports = [e("port", container, "80").out.split()[0].rsplit(":")[-1] for container in containers]
    answers = {e.box.get(f"http://127.0.0.1:{port}/").strip() for port in ports}
    expect(answers, names, "who answers at the ports")


@check("service logs and exec")
def _(e):
    [client] = e.wait_for("client", 1)
    expect(e("exec", client, "sh", "-c", "echo hello; exit 3", code=3).out, "hello\n", "exec")
    e("service", "logs", "stack_client")


@check("one that is killed is replaced")
def _(e):
    before = e.wait_for("web", 4)
    pid = int(e("inspect", "--format", "{{.State.Pid}}", before[0]).out)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(now := e.running("web")) == 4 and before[0] not in now, "four others", 20)


@check("scaled up and down")
def _(e):
    for replicas in [7, 2]:
        e("service", "scale", "-d", f"stack_web={replicas}")
        e.wait_for("web", replicas)
    e("service", "scale", "-d", "stack_web=4")


@check("updated")
def _(e):
    before = set(e.wait_for("web", 4))
    e("service", "update", "-d", "--env-add", "A=b", "--limit-memory", "48M", "stack_web")
    containers = eventually(lambda: len(now := set(e.running("web"))) == 4 and not now & before and now, "four others", 25)
    for container in containers:
        expect(e("exec", container, "sh", "-c", "echo $A").out, "b\n", "the variable")


@check("nothing is left of a removed stack", 60)
def _(e):
    # Docker asks for the network back before its own tasks have let go of it, and then wants to be told again.
    eventually(lambda: e("stack", "rm", "stack", code=None).code == 0, "the stack is removed", 30)
    eventually(lambda: not e("ps", "-aq").out, "no containers", 30)
    e("swarm", "leave", "--force")
    common.check_that_nothing_is_left(e)
