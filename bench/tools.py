"""What is measured: for each tool the command that runs /bin/true in the same root file system."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Callable


@dataclass
class Tool:
    name: str
    # Makes the command of one run: some need an identifier that no other run has.
    command: Callable[[int], list[str]]
    # A reason why it cannot run at all.
    missing: str | None = None
    # crun 1.8 refuses a machine with both cgroup versions; without the mount of the second it works.
    hides_unified: bool = False
    # Compared with the first tool of its group.
    group: str = ""


def make_rootfs(gocker: str, root: str) -> None:
    """A busybox root file system: by gocker itself, or by hand where that is not there to be measured."""
    if os.access(gocker, os.X_OK):
        made = subprocess.run([gocker, "rootfs", "create", root], capture_output=True, text=True)
        if made.returncode == 0:
            return
        shutil.rmtree(root, ignore_errors=True)
    for directory in ["bin", "dev", "etc", "proc", "sys", "tmp"]:
        os.makedirs(f"{root}/{directory}")
    shutil.copy(shutil.which("busybox"), f"{root}/bin/busybox")
    for applet in ["sh", "true"]:
        os.symlink("busybox", f"{root}/bin/{applet}")


def make_bundle(bundle: str, root: str) -> None:
    """An OCI bundle with the settings that `runc spec` (or crun's) writes, for one command without a terminal."""
    os.makedirs(bundle)
    generator = shutil.which("runc") or shutil.which("crun")
    if generator is None:
        return
    subprocess.run([generator, "spec"], cwd=bundle, check=True)
    with open(f"{bundle}/config.json") as file:
        config = json.load(file)
    config["process"].update(terminal=False, args=["/bin/true"], rlimits=[])
    config["root"] = {"path": root, "readonly": True}
    with open(f"{bundle}/config.json", "w") as file:
        json.dump(config, file)


def make_docker_bundle(gocker: str, bundle: str, root: str) -> None:
    """An OCI bundle like the one Docker makes for a container without any option but limits: its mounts, masks, devices,
    capabilities and filter of system calls."""
    os.makedirs(bundle)
    subprocess.run([gocker, "spec", "--seccomp"], cwd=bundle, check=True)
    with open(f"{bundle}/config.json") as file:
        config = json.load(file)
    config["ociVersion"] = "1.0.2"
    config["process"].update(terminal=False, args=["/bin/true"], noNewPrivileges=False, oomScoreAdj=0)
    config["root"] = {"path": root}
    for name in ["resolv.conf", "hostname", "hosts"]:
        open(f"{bundle}/{name}", "w").close()
        config["mounts"].append(
            {"destination": f"/etc/{name}", "type": "bind", "source": f"{bundle}/{name}", "options": ["rbind", "rprivate"]})
    allowed = [("c", 1, 5), ("c", 1, 3), ("c", 1, 9), ("c", 1, 8), ("c", 5, 0), ("c", 5, 1)]
    config["linux"]["resources"] = {
        "devices": [{"allow": False, "access": "rwm"}] + [
            {"allow": True, "type": kind, "major": major, "minor": minor, "access": "rwm"}
            for kind, major, minor in allowed],
        "memory": {"limit": 256 << 20, "swap": 256 << 20, "disableOOMKiller": False},
        "cpu": {"shares": 512, "quota": 50000, "period": 100000},
        "pids": {"limit": 200},
    }
    with open(f"{bundle}/config.json", "w") as file:
        json.dump(config, file)


def all_tools(gocker: str, work: str, root: str) -> list[Tool]:
    """Ours first, the floor last."""
    bundle = f"{work}/bundle"
    make_bundle(bundle, root)
    docker_bundle = f"{work}/docker"
    make_docker_bundle(gocker, docker_bundle, root)

    def found(name: str, path: str, command: Callable[[int], list[str]], **options) -> Tool:
        missing = None if shutil.which(path) else f"{path} is not there"
        return Tool(name, command, missing, **options)

    def ours(name: str, *options: str) -> Tool:
        return found(name, gocker, lambda _: [gocker, "run", "--rootfs", root, *options, "/bin/true"])

    hybrid = os.path.ismount("/sys/fs/cgroup/unified")

    def oci(label: str, path: str, bundle: str) -> Tool:
        state = f"{work}/state-{os.path.basename(path)}"
        return found(
            label, path, lambda run: [path, "--root", state, "run", "--bundle", bundle, f"bench-{run}"],
            hides_unified=hybrid and path == "crun", group="Docker" if bundle == docker_bundle else "")

    jail = ["--unshare-all", "--bind", root, "/", "--proc", "/proc", "--dev", "/dev"]
    namespaces = ["--mount", "--uts", "--ipc", "--pid", "--cgroup", "--fork", f"--mount-proc={root}/proc"]
    return [
        ours("gocker run"),
        ours("gocker run, memory and cpus limited", "--memory", "64m", "--cpus", "1"),
        ours("gocker run, network of its own", "--network", "none"),
        found("bwrap --unshare-all", "bwrap", lambda _: ["bwrap", *jail, "/bin/true"]),
        oci("crun run", "crun", bundle),
        oci("runc run", "runc", bundle),
        oci("Docker's bundle: gocker run", gocker, docker_bundle),
        oci("Docker's bundle: crun run", "crun", docker_bundle),
        oci("Docker's bundle: runc run", "runc", docker_bundle),
        found("unshare and chroot", "unshare", lambda _: ["unshare", *namespaces, "chroot", root, "/bin/true"]),
        found("the same container in C", f"{work}/container", lambda _: [f"{work}/container", root, "/bin/true"]),
        found("clone3, pivot_root, exec in C", f"{work}/floor", lambda _: [f"{work}/floor", root, "/bin/true"]),
    ]
