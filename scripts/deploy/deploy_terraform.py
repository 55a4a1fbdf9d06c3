"""Terraform's modules: their form, a stack on this machine, and one in a container of Docker's, from nothing to nothing."""

import json
import os
import pathlib
import shutil
import time

from checks import Checks, Failed, Skipped, expect, expect_in
from sandbox import Result, Sandbox

CHECKS = Checks()
check = CHECKS

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
        # The programs to be checked need not be those of the repository.
        programs = self.root / ".build/release"
        if programs.resolve() != pathlib.Path(box.runtime).parent:
            if programs.is_symlink():
                programs.unlink()
            programs.mkdir(parents=True, exist_ok=True)
            for name in ["gocker", "gocker-compose"]:
                (programs / name).unlink(missing_ok=True)
                shutil.copy(pathlib.Path(box.runtime).parent / name, programs)
        self.compose = programs / "gocker-compose"
        os.environ |= {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_ARGS": "-no-color"}
        self.before = box.traces()
        self._docker = None

    def __call__(self, directory: str, *arguments, **options) -> Result:
        if not shutil.which("terraform"):
            raise Skipped("there is no terraform here")
        return self.box.run("terraform", f"-chdir={self.root}/terraform/{directory}", *arguments, **options)

    def apply(self, directory: str, *arguments, **options) -> str:
        return self(directory, "apply", "-auto-approve", *arguments, **options).out

    def output(self, directory: str, name: str):
        return json.loads(self(directory, "output", "-json", name).out)

    def instances(self) -> dict:
        """What gocker-compose says of the instances of stacks/hello."""
        out = self.box.run(self.compose, "-p", "hello", "ps", "--format", "json").out
        return {each["name"]: each for each in json.loads(out)}

    def left(self) -> list[str]:
        """What is there that was not there before, and is not Terraform's own."""
        files = [str(path.relative_to(self._upper)) for path in self._upper.glob("terraform/**/*") if path.is_file()]
        return sorted(self.box.traces() - self.before) + [
            file for file in files if ".terraform" not in file and ".tfstate" not in file]

    def clear(self) -> None:
        for directory in ["examples/host", "examples/fake-azure"]:
            if (self._upper / "terraform" / directory / "terraform.tfstate").exists():
                self(directory, "destroy", "-auto-approve", code=None)

    def stop(self) -> None:
        self.clear()
        if self._docker:
            self._docker.stop()


def start(box: Sandbox) -> Terraform:
    return Terraform(box)


HOST = "examples/host"


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
    for directory in [HOST, "examples/fake-azure"]:
        e(directory, "init", "-backend=false")
        e(directory, "validate")


# This machine

@check("host: a plan shows what there will be, an apply waits for health", 60)
def _(e):
    e(HOST, "init")
    planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
    expect_in("neighbour", planned, "the plan")
    began = time.monotonic()
    applied = e.apply(HOST)
    print(f"host: {time.monotonic() - began:.1f} s from apply to healthy", flush=True)
    expect_in("+ hello-1      create", applied, "what gocker-compose plan said")
    services = e.output(HOST, "services")
    expect({name: each["state"] for name, each in services.items()}, {"hello": "running", "neighbour": "running"}, "services")
    expect(e(HOST, "plan", "-detailed-exitcode").code, 0, "the exit code of a plan without changes")


CHANGE = """
module "gocker" {
  service_overrides = { neighbour = { environment = { COLOUR = "blue" } } }
}
"""


@check("host: a change is shown by its key, and touches only what it is about", 60)
def _(e):
    before = e.instances()
    override = e.root / "terraform" / HOST / "change_override.tf"
    override.write_text(CHANGE)
    planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
    expect_in("COLOUR", planned, "the plan")
    applied = e.apply(HOST)
    expect_in('recreate (environment.COLOUR: nothing → "blue"', applied, "what gocker-compose plan said")
    after = e.instances()
    expect(after["hello-1"]["process_id"], before["hello-1"]["process_id"], "the process of the unchanged service")
    if after["neighbour-1"]["process_id"] == before["neighbour-1"]["process_id"]:
        raise Failed("the changed service goes on as before")
    override.unlink()
    e.apply(HOST)


@check("host: what somebody has stopped, and what has died, is found and repaired", 90)
def _(e):
    for away in [["stop", "neighbour"], ["kill", "hello"], ["down"]]:
        e.box.run(e.compose, "-p", "hello", *away)
        planned = e(HOST, "plan", "-detailed-exitcode", code=2).out
        expect_in("is not as it was brought up", planned, "the plan")
        e.apply(HOST)
        expect({each["state"] for each in e.instances().values()}, {"running"}, f"the states after {away[0]}")
        e(HOST, "plan", "-detailed-exitcode")


@check("host: destroy leaves nothing", 60)
def _(e):
    e(HOST, "destroy", "-auto-approve")
    expect(e.left(), [], "what is left")


@check("host: terraform test", 120)
def _(e):
    e("modules/host", "init")
    print(e("modules/host", "test").out.strip().rpartition("\n")[2], flush=True)
    expect(e.left(), [], "what is left")
