"""A Docker daemon for the deployments, as users have it, and the image of the Dockerfile built by it without a network."""

import os
import pathlib
import re
import time

import engine_docker
from sandbox import Sandbox

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD_BASE = "localhost/toolchain:1"


class Docker(engine_docker.Docker):
    """Its containers run with runc. What it has built is still there when the next part of the checks starts it."""

    def __init__(self, box: Sandbox):
        super().__init__(box, "deploy", **runtime(box))
        self.build_arguments = ["--build-arg", f"BUILD_BASE={BUILD_BASE}"]
        # Anonymous volumes go with their containers.
        self.remove = ["rm", "-f", "-v"]

    def build_image(self, tag: str = "gocker-final") -> float:
        """Builds the image of the Dockerfile, and says in how many seconds. What it is built of is imported first."""
        base = self.box.work.parent / "toolchain-base.tar"
        if base.exists():
            self("import", base, BUILD_BASE)
            base.unlink()
        began = time.monotonic()
        self("build", *self.build_arguments, "-t", tag, SOURCES)
        return time.monotonic() - began


def runtime(box: Sandbox) -> dict:
    """What daemon.json says: runc, and where root lacks capabilities one that does without them."""
    bounding = int(re.search(r"CapBnd:\s*(\w+)", pathlib.Path("/proc/self/status").read_text())[1], 16)
    last = int(pathlib.Path("/proc/sys/kernel/cap_last_cap").read_text())
    if bounding == (1 << last + 1) - 1:
        return {"default-runtime": "runc"}
    box.log("root lacks capabilities here: containers that ask for all get what there is\n")
    bounded = {"path": str(pathlib.Path(__file__).resolve().parent / "bounded-runc")}
    return {"runtimes": {"bounded": bounded}, "default-runtime": "bounded"}


def start(box: Sandbox) -> Docker:
    os.environ["DOCKER_BUILDKIT"] = "0"
    return Docker(box)
