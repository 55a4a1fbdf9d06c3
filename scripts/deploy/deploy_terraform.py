"""Terraform's modules: their form, a stack on this machine, and one in a container of Docker's, from nothing to nothing."""

import json
import os
import pathlib
import shutil
import time

import docker
from checks import Checks, Failed, Skipped, eventually, expect, expect_in
from sandbox import Result, Sandbox

CHECKS = Checks()
check = CHECKS

DATA = pathlib.Path("/var/lib/gocker")
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent


class Terraform:
    """The command, and a copy of the repository's files that it may write to."""

    def __init__(self, box: Sandbox):
        self.box = box
        self.root = box.work / "repository"
        upper, scratch = box.work / "upper" / "repository", box.work / "scratch" / "repository"
        for directory in [self.root, upper, scratch]:
            directory.mkdir(parents=True)
        box.run("mount", "-t", "overlay", "-o", f"lowerdir={REPOSITORY},upperdir={upper},workdir={scratch}",
                "overlay", self.root)
        self._upper = upper
        # What somebody deploys from here is none of the checks' business.
        for path in [*self.root.glob("terraform/**/*.tfstate*"), *self.root.glob("terraform/**/.terraform.lock.hcl")]:
            path.unlink()
        # The programs to be checked need not be those of the repository.
        programs = self.root / ".build/release"
        if programs.is_symlink():
            programs.unlink()
        programs.mkdir(parents=True, exist_ok=True)
        for name in ["gocker", "gocker-compose"]:
            shutil.copy(pathlib.Path(box.runtime).parent / name, programs)
        self.compose = programs / "gocker-compose"
        # As on a machine, and not on the sandbox's overlay, on which no other can lie.
        (box.work / "data").mkdir()
        DATA.mkdir(exist_ok=True)
        box.run("mount", "--bind", box.work / "data", DATA)
        self.environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
            "TF_CLI_ARGS": "-no-color"}
        self.before = box.traces()
        self._docker = None

    def __call__(self, directory: str, *arguments, **options) -> Result:
        self._need()
        return self.box.run("terraform", f"-chdir={self.root}/terraform/{directory}", *arguments, env=self.environment,
                            **options)

    def apply(self, directory: str, *arguments, **options) -> str:
        return self(directory, "apply", "-auto-approve", *arguments, **options).out

    def deploy(self, directory: str) -> None:
        """For a check that needs what an earlier one has left; where that is there this changes nothing."""
        self(directory, "init")
        self.apply(directory)

    def output(self, directory: str, name: str):
        return json.loads(self(directory, "output", "-json", name).out)

    def instances(self) -> dict:
        """What gocker-compose says of the instances of stacks/hello."""
        out = self.box.run(self.compose, "-p", "hello", "ps", "--format", "json").out
        return {each["name"]: each for each in json.loads(out)}

    def wait_for_hello(self) -> None:
        """It crashes once, on purpose, and is started again."""
        def runs() -> bool:
            instances = self.instances()
            return instances["hello-1"]["restarts"] > 0 and {each["state"] for each in instances.values()} == {"running"}
        eventually(runs, "hello runs again, and its neighbour")

    def _need(self) -> None:
        if not shutil.which("terraform"):
            raise Skipped("there is no terraform here")

    def docker(self) -> docker.Docker:
        """The daemon, with Gocker's image: building it once more is quick then."""
        self._need()
        if not self._docker:
            self._docker = docker.start(self.box)
            self.environment |= {
                "DOCKER_HOST": self._docker.socket, "TF_VAR_image": "gocker-final",
                "TF_VAR_build_arguments": json.dumps({"BUILD_BASE": docker.BUILD_BASE})}
            self._docker.build_image("gocker-final")
        return self._docker

    def left(self) -> list[str]:
        """What is there that was not there before, and is not Terraform's own."""
        files = [str(path.relative_to(self._upper)) for path in self._upper.glob("terraform/**/*") if path.is_file()]
        return sorted(self.box.traces() - self.before) + [
            file for file in files if ".terraform" not in file and ".tfstate" not in file
        ] + [str(path) for path in DATA.glob("*")]

    def clear(self) -> None:
        for directory in [HOST, FAKE]:
            state = self._upper / "terraform" / directory / "terraform.tfstate"
            if state.is_file() and json.loads(state.read_text())["resources"]:
                self(directory, "destroy", "-auto-approve", code=None)

    def stop(self) -> None:
        self.clear()
        if self._docker:
            self._docker.stop()
        self.box.run("umount", DATA)
        self.box.run("umount", self.root)


def start(box: Sandbox) -> Terraform:
    return Terraform(box)


HOST = "examples/host"
FAKE = "examples/fake-azure"


# Form

@check("everything is formatted")
def _(e):
    seen = e(".", "fmt", "-check", "-recursive", code=None)
    expect((seen.code, seen.out), (0, ""), "what is not formatted")


@check("the modules have the same variables and outputs")
def _(e):
    modules = e.root / "terraform/modules"
    for module in ["host", "fake-azure", "azure"]:
        for shared in ["interface.tf", "stack.tf"]:
            expect((modules / module / shared).read_text(), (modules / shared).read_text(), f"{module}/{shared}")


@check("the configurations are valid")
def _(e):
    for directory in [HOST, FAKE]:
        e(directory, "init", "-backend=false")
        e(directory, "validate")


RENDER = """
locals {
  module = "%s"
  values = { name = "hello", package_url = "https://example.org/gocker.deb", package_sha256 = sha256(""), version = "1.0.0",
    wait_timeout = 300, source = "busybox", rootfs = "/srv/rootfs", files = { "stack.yaml" = base64encode("services: {}") } }
}
output "cloud_init" {
  value = templatefile("${local.module}/cloud-init.yaml.tftpl", local.values)
}
output "script" {
  value = templatefile("${local.module}/up.sh.tftpl", local.values)
}
"""


@check("azure: what a machine is told is well-formed")
def _(e):
    folder = e.root / "terraform/rendered"
    folder.mkdir()
    (folder / "main.tf").write_text(RENDER % (e.root / "terraform/modules/azure"))
    e("rendered", "init")
    e.apply("rendered")
    script = e.output("rendered", "script")
    e.box.run("sh", "-n", input=script)
    expect_in("base64 -d >'stack.yaml'", script, "the script")
    settings = folder / "cloud-init.yaml"
    settings.write_text(e.output("rendered", "cloud_init"))
    shutil.copy(settings, e.box.work)
    shutil.rmtree(folder)
    if not shutil.which("cloud-init"):
        raise Skipped("the script is; there is no cloud-init here to look at what is meant for it")
    e.box.run("cloud-init", "schema", "--config-file", e.box.work / settings.name)


@check("azure: the configuration is valid", 120)
def _(e):
    plugins = os.environ.get("GOCKER_TERRAFORM_PLUGINS")
    if not plugins:
        raise Skipped("azurerm is not here: GOCKER_TERRAFORM_PLUGINS may name a folder that `terraform providers mirror` made")
    e("examples/azure", "init", "-backend=false", f"-plugin-dir={plugins}")
    e("examples/azure", "validate")


# This machine

@check("host: a plan shows what there will be, an apply waits for health", 60)
def _(e):
    e(HOST, "init")
    planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
    expect_in("neighbour", planned, "the plan")
    began = time.monotonic()
    applied = e.apply(HOST)
    print(f"note: host: {time.monotonic() - began:.1f} s from apply to healthy", flush=True)
    expect_in("+ hello-1      create", applied, "what gocker-compose plan said")
    services = e.output(HOST, "services")
    expect({name: each["state"] for name, each in services.items()}, {"hello": "running", "neighbour": "running"}, "services")
    e.wait_for_hello()
    e(HOST, "plan", "-detailed-exitcode")


CHANGE = """
module "gocker" {
  service_overrides = { neighbour = { environment = { COLOUR = "blue" } } }
}
"""


@check("host: a change is shown by its key, and touches only what it is about", 60)
def _(e):
    e.deploy(HOST)
    e.wait_for_hello()
    before = e.instances()
    override = e.root / "terraform" / HOST / "change_override.tf"
    override.write_text(CHANGE)
    try:
        planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
        expect_in("COLOUR", planned, "the plan")
        applied = e.apply(HOST)
    finally:
        override.unlink()
    expect_in('neighbour-1  recreate (environment: nothing → {"COLOUR":"blue"}', applied, "what gocker-compose plan said")
    after = e.instances()
    expect(after["hello-1"]["process_id"], before["hello-1"]["process_id"], "the process of the unchanged service")
    if after["neighbour-1"]["process_id"] == before["neighbour-1"]["process_id"]:
        raise Failed("the changed service goes on as before")
    e.apply(HOST)


@check("host: what somebody has stopped, and what has died, is found and repaired", 90)
def _(e):
    e.deploy(HOST)
    for away in [["stop", "neighbour"], ["kill", "neighbour"], ["down"]]:
        e.box.run(e.compose, "-p", "hello", *away)
        planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
        expect_in("found not as it had been brought up", planned, "the plan")
        e.apply(HOST)
        e.wait_for_hello()
        e(HOST, "plan", "-detailed-exitcode")


@check("host: destroy leaves nothing", 60)
def _(e):
    e.deploy(HOST)
    e(HOST, "destroy", "-auto-approve")
    expect(e.left(), [], "what is left")


@check("host: terraform test", 120)
def _(e):
    e("modules/host", "init")
    expect_in("Success!", e("modules/host", "test").out, "what it says")
    expect(e.left(), [], "what is left")


# A container that stands in for Azure's

@check("fake-azure: init and apply build, deploy and show the services", 1200)
def _(e):
    engine = e.docker()
    e(FAKE, "init")
    began = time.monotonic()
    applied = e.apply(FAKE)
    print(f"note: fake-azure: {time.monotonic() - began:.1f} s from apply to healthy, most of the image being built already", flush=True)
    expect_in('"state" = "running"', applied, "what apply says")
    group = e.output(FAKE, "container_group")
    expect((group["os_type"], group["restart_policy"], group["container"][0]["cpu"]), ("Linux", "Always", 1), "the group")
    e(FAKE, "plan", "-detailed-exitcode")
    seen = e.box.run(*e.output(FAKE, "command").split(), env=e.environment).out
    expect_in("neighbour-1  running", seen, "what the command that looks says")


@check("fake-azure: a container that was started again is the same, one that was stopped is found and repaired", 120)
def _(e):
    engine = e.docker()
    e.deploy(FAKE)
    engine("restart", "gocker-hello")
    e(FAKE, "plan", "-detailed-exitcode")
    engine("stop", "gocker-hello")
    expect_in("was found gone or stopped", e(FAKE, "plan", "-detailed-exitcode", code=2).out, "the plan")
    e.apply(FAKE)
    e(FAKE, "plan", "-detailed-exitcode")


@check("fake-azure: destroy leaves nothing", 120)
def _(e):
    engine = e.docker()
    e.deploy(FAKE)
    images = engine("images", "-q", "gocker-final").out
    e(FAKE, "destroy", "-auto-approve")
    expect(engine("ps", "-aq").out + engine("volume", "ls", "-q").out, "", "containers and volumes")
    expect(engine("images", "-q", "gocker").out, "", "images")
    expect(engine("images", "-q", "gocker-final").out, images, "the image that is not Terraform's")
    expect([trace for trace in e.left() if "gocker-hello" in trace or "/var/lib/gocker/" in trace], [], "what is left")


@check("fake-azure: terraform test", 300)
def _(e):
    engine = e.docker()
    e("modules/fake-azure", "init")
    expect_in("Success!", e("modules/fake-azure", "test").out, "what it says")
    expect(engine("ps", "-aq").out + engine("volume", "ls", "-q").out, "", "containers and volumes")
