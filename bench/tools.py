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


def all_tools(gocker: str, work: str, root: str) -> list[Tool]:
    """Ours first, the floor last."""
    bundle = f"{work}/bundle"
    make_bundle(bundle, root)

    def found(name: str, path: str, command: Callable[[int], list[str]], **options) -> Tool:
        missing = None if shutil.which(path) else f"{path} is not there"
        return Tool(name, command, missing, **options)

    def ours(name: str, *options: str) -> Tool:
        return found(name, gocker, lambda _: [gocker, "run", "--rootfs", root, *options, "/bin/true"])

    def oci(name: str, **options) -> Tool:
        state = f"{work}/{name}"
        return found(
            f"{name} run", name, lambda run: [name, "--root", state, "run", "--bundle", bundle, f"bench-{run}"],
            **options)

    jail = ["--unshare-all", "--bind", root, "/", "--proc", "/proc", "--dev", "/dev"]
    namespaces = ["--mount", "--uts", "--ipc", "--pid", "--cgroup", "--fork", f"--mount-proc={root}/proc"]
    return [
        ours("gocker run"),
        ours("gocker run, memory and cpus limited", "--memory", "64m", "--cpus", "1"),
        ours("gocker run, network of its own", "--network", "none"),
        found("bwrap --unshare-all", "bwrap", lambda _: ["bwrap", *jail, "/bin/true"]),
        oci("crun", hides_unified=os.path.ismount("/sys/fs/cgroup/unified")),
        oci("runc"),
        found("unshare and chroot", "unshare", lambda _: ["unshare", *namespaces, "chroot", root, "/bin/true"]),
        found("the same container in C", f"{work}/container", lambda _: [f"{work}/container", root, "/bin/true"]),
        found("clone3, pivot_root, exec in C", f"{work}/floor", lambda _: [f"{work}/floor", root, "/bin/true"]),
    ]
