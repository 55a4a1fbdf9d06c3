"""Stacks exported to Kubernetes: every manifest is held against the published schemas, and every reference between them
has to lead somewhere. There is no cluster here, so nothing is run."""

import copy
import json
import os
import pathlib
import re
import shutil
import sys
from collections.abc import Callable

from checks import Checks, Failed, expect, expect_in
from sandbox import Result, Sandbox

CHECKS = Checks()
check = CHECKS
SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
# The oldest version that has a word for all that is said, and the newest that there are schemas for.
VERSIONS = ["1.33", "1.37"]
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?")
LABEL_KEY = re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]


class Kubernetes:
    def __init__(self, box: Sandbox):
        self.box = box
        for packages in box.work.parent.glob("kubernetes-validate/lib/python3*/site-packages"):
            sys.path.append(str(packages))
        self.home = box.work / "stacks"
        self.home.mkdir()
        self._make_rootfs()
        shutil.copy(SOURCES / "scripts/deploy/shop.yaml", self.home)
        (self.home / "logo.png").write_bytes(bytes(range(256)))
        (self.home / "tls.key").write_text("secret key\n")
        os.environ["DB_PASSWORD"] = "swordfish"
        for stack in sorted((SOURCES / "stacks").glob("*/stack.yaml")):
            # They look for their root file system two directories above.
            directory = self.home / "stacks" / stack.parent.name
            directory.mkdir(parents=True)
            shutil.copy(stack, directory)

    def _make_rootfs(self) -> None:
        """Small, because all that becomes of it is an image that nobody runs."""
        rootfs = self.home / "rootfs"
        (rootfs / "bin").mkdir(parents=True)
        shutil.copy("/usr/bin/busybox", rootfs / "bin/busybox")
        (rootfs / "bin/sh").symlink_to("busybox")

    def export(self, stack, *options, code: int = 0) -> Result:
        compose = pathlib.Path(self.box.runtime).with_name("gocker-compose")
        return self.box.run(compose, "export", "kubernetes", *options, self.home / stack, code=code)

    def objects(self, stack, *options) -> list[dict]:
        import yaml
        return list(yaml.safe_load_all(self.export(stack, *options).out))

    def clear(self) -> None:
        pass

    def stop(self) -> None:
        pass


def start(box: Sandbox) -> Kubernetes:
    return Kubernetes(box)


# What the schemas say


def schema_problems(objects: list[dict], version: str) -> list[str]:
    """What of these does not fit its schema; unknown fields do not, either."""
    import kubernetes_validate
    problems = []
    for each in objects:
        try:
            kubernetes_validate.validate(each, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            problems.append(f"{title(each)}: {'.'.join(map(str, error.path))}: {error.message}")
    return problems


def title(each: dict) -> str:
    return f"{each['kind']} {each['metadata']['name']}"


# What no schema can say


def template(workload: dict) -> dict:
    spec = workload["spec"]
    return (spec["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else spec)["template"]


def matches(selector: dict, labels: dict) -> bool:
    return selector.items() <= labels.items()


class References:
    """Finds what refers to nothing, and what the API server would refuse whatever the schema says."""

    def __init__(self, objects: list[dict], elsewhere: set[tuple[str, str]]):
        self._objects = objects
        self._known = {(each["kind"], each["metadata"]["name"]) for each in objects} | elsewhere
        self._workloads = [each for each in objects if each["kind"] in WORKLOADS]
        self._title = ""
        self.problems: list[str] = []

    def _expect(self, condition, what: str) -> None:
        if not condition:
            self.problems.append(f"{self._title}: {what}")

    def _expect_unique(self, items, what: str) -> None:
        items = list(items)
        self._expect(len(items) == len(set(items)), f"{what} are not unique: {items}")

    def find(self) -> list[str]:
        self._title = "all"
        self._expect_unique([title(each) for each in self._objects], "objects")
        for each in self._objects:
            self._title = title(each)
            self._metadata(each["metadata"])
            check = getattr(self, f"_{each['kind'].lower()}", None)
            if check:
                check(each)
            if each["kind"] in WORKLOADS:
                self._workload(each)
        return self.problems

    def _metadata(self, metadata: dict) -> None:
        for part in metadata["name"].split("."):
            self._expect(LABEL.fullmatch(part), "its name is no label of DNS")
        for key, value in metadata.get("labels", {}).items():
            self._expect(LABEL_KEY.fullmatch(key) and LABEL_VALUE.fullmatch(value), f"no label: {key}={value}")
        for key in metadata.get("annotations", {}):
            self._expect(LABEL_KEY.fullmatch(key), f"no annotation: {key}")

    def _pods(self, selector: dict) -> list[dict]:
        return [template(each) for each in self._workloads if matches(selector, template(each)["metadata"]["labels"])]

    # Who finds pods

    def _service(self, service: dict) -> None:
        spec = service["spec"]
        self._expect(service["metadata"]["name"][0].isalpha(), "its name begins with no letter")
        pods = self._pods(spec["selector"])
        self._expect(len(pods) == 1, f"it finds {len(pods)} workloads")
        ports = spec.get("ports", [])
        self._expect(ports or spec.get("clusterIP") == "None", "it has no ports, and is not headless")
        self._expect_unique([port["name"] for port in ports], "names of ports")
        self._expect_unique([(port["port"], port["protocol"]) for port in ports], "ports")
        for port in ports:
            self._expect(len(port["name"]) <= 15 and LABEL.fullmatch(port["name"]), f"no name of a port: {port['name']}")
            open_ports = {(each["containerPort"], each["protocol"])
                          for pod in pods for container in pod["spec"]["containers"] for each in container.get("ports", [])}
            self._expect((port["targetPort"], port["protocol"]) in open_ports, f"nobody listens at {port['targetPort']}")

    def _networkpolicy(self, policy: dict) -> None:
        self._expect(self._pods(policy["spec"]["podSelector"]["matchLabels"]), "it is about no pod")

    # Who makes pods

    def _workload(self, workload: dict) -> None:
        spec, pod = workload["spec"], template(workload)
        labels = pod["metadata"]["labels"]
        self._metadata({**pod["metadata"], "name": workload["metadata"]["name"]})
        self._expect(len(workload["metadata"]["name"]) <= 52, "its name is too long for what is made of it")
        if "selector" in spec:
            selector = spec["selector"]["matchLabels"]
            self._expect(matches(selector, labels), "it does not find its own pods")
            self._expect(len(self._pods(selector)) == 1, "it finds pods of others")
        ends = workload["kind"] in ["Job", "CronJob"]
        policy = pod["spec"].get("restartPolicy", "Always")
        self._expect((policy in ["Never", "OnFailure"]) == ends, f"its pods cannot have restartPolicy {policy}")
        self._pod(pod["spec"], [each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", [])])

    def _deployment(self, workload: dict) -> None:
        rolling = workload["spec"]["strategy"].get("rollingUpdate", {"maxSurge": 1})
        self._expect(rolling.get("maxSurge") or rolling.get("maxUnavailable"), "no pod could ever be replaced")

    def _statefulset(self, workload: dict) -> None:
        self._expect(("Service", workload["spec"]["serviceName"]) in self._known, "its Service is not there")

    def _cronjob(self, workload: dict) -> None:
        self._expect(len(workload["spec"]["schedule"].split()) == 5, "its schedule has not five fields")

    def _pod(self, spec: dict, claim_templates: list[str]) -> None:
        volumes = [volume["name"] for volume in spec.get("volumes", [])] + claim_templates
        self._expect_unique(volumes, "volumes")
        containers = spec.get("initContainers", []) + spec["containers"]
        self._expect_unique([container["name"] for container in containers], "containers")
        used = set()
        for container in containers:
            used |= self._container(container, volumes)
        self._expect(used == set(volumes), f"nobody mounts {sorted(set(volumes) - used)}")
        for container in spec.get("initContainers", []):
            for key in ["readinessProbe", "livenessProbe", "startupProbe", "lifecycle"]:
                self._expect(key not in container, f"its init container {container['name']} has a {key}")
        for volume in spec.get("volumes", []):
            self._expect(len(volume["name"]) <= 63 and LABEL.fullmatch(volume["name"]), f"no volume: {volume['name']}")
            self._expect(len(volume) == 2, f"the volume {volume['name']} is not one thing")
            for source, key, kind in [("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret"),
                                      ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim")]:
                if source in volume:
                    name = volume[source][key]
                    self._expect((kind, name) in self._known, f"there is no {kind} {name}")
        if "runtimeClassName" in spec:
            self._expect(("RuntimeClass", spec["runtimeClassName"]) in self._known, "its RuntimeClass is not there")
        if any("stopSignal" in container.get("lifecycle", {}) for container in containers):
            self._expect(spec.get("os"), "a stop signal takes the name of the system")

    def _container(self, container: dict, volumes: list[str]) -> set[str]:
        name = container["name"]
        self._expect(container.get("image"), f"container {name} has no image")
        mounts = container.get("volumeMounts", [])
        self._expect_unique([mount["mountPath"] for mount in mounts], f"mounts of {name}")
        for mount in mounts:
            self._expect(mount["name"] in volumes, f"{name} mounts {mount['name']}, which is not there")
        self._expect_unique([variable["name"] for variable in container.get("env", [])], f"variables of {name}")
        context = container["securityContext"]
        if context.get("privileged"):
            self._expect(context["allowPrivilegeEscalation"], f"{name} is privileged, and cannot gain privileges")
        else:
            expect(context["capabilities"]["drop"], ["ALL"], f"what {name} is not to have")
        limits, requests = (container.get("resources", {}).get(key, {}) for key in ["limits", "requests"])
        for resource in limits.keys() & requests.keys():
            self._expect(amount(requests[resource]) <= amount(limits[resource]), f"{name} is promised more than it may have")
        return {mount["name"] for mount in mounts}


def amount(text: str) -> float:
    units = {"m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "": 1}
    number, unit = re.fullmatch(r"(\d+)(\D*)", text).groups()
    return int(number) * units[unit]


def expect_sound(objects: list[dict], *elsewhere: tuple[str, str]) -> None:
    problems = References(objects, set(elsewhere)).find()
    for version in VERSIONS:
        problems += [f"{version}: {problem}" for problem in schema_problems(objects, version)]
    expect(problems, [], "what is wrong")


def changed(each: dict, change: Callable[[dict], None]) -> dict:
    other = copy.deepcopy(each)
    change(other)
    return other


# The checks

SHOP = ["--runtime-class", "gocker", "--with-secrets", "--namespace", "shop", "--volume-size", "10g"]


@check("a stack with a bit of everything fits the schemas, and all its references lead somewhere", 120)
def _(e):
    objects = e.objects("shop.yaml", *SHOP)
    kinds = {}
    for each in objects:
        kinds.setdefault(each["kind"], []).append(each["metadata"]["name"])
        expect(each["metadata"].get("namespace"), None if each["kind"] == "RuntimeClass" else "shop", title(each))
    expect(kinds, {
        "RuntimeClass": ["gocker"],
        "NetworkPolicy": ["shop-back", "shop-front", "offline-none", "web-published"],
        "ConfigMap": ["shop-app", "shop-logo"], "Secret": ["shop-db-password", "shop-key"],
        "PersistentVolumeClaim": ["shop-backups", "shop-data"],
        "Service": ["agent", "cache-1", "db", "web", "www", "web-published"],
        "DaemonSet": ["agent"], "CronJob": ["backup"], "StatefulSet": ["cache-1", "db"], "Deployment": ["offline", "web"],
    }, "what is made")
    expect_sound(objects)


@check("the example stacks do, too", 120)
def _(e):
    stacks = sorted((e.home / "stacks").glob("*/stack.yaml"))
    expect(len(stacks) > 3, True, "whether there are examples")
    for stack in stacks:
        # What they say of processes has no counterpart, which is a warning.
        expect_sound(e.objects(stack))


@check("what has no content refers to what somebody else makes, and is told")
def _(e):
    result = e.export("shop.yaml")
    expect_in("kubectl create secret generic shop-key --from-file=content=FILE", result.err, "the warnings")
    expect("swordfish" in result.out or "c3dvcmRmaXNo" in result.out, False, "whether the password is written down")
    expect_sound(e.objects("shop.yaml"), ("Secret", "shop-key"), ("Secret", "shop-db-password"))


@check("wrong manifests are found wrong", 60)
def _(e):
    objects = e.objects("shop.yaml", *SHOP)
    web = next(each for each in objects if title(each) == "Deployment web")

    def rename(key: str, other: str) -> Callable[[dict], None]:
        def change(workload: dict) -> None:
            container = template(workload)["spec"]["containers"][0]
            container[other] = container.pop(key)
        return change

    def refer(workload: dict) -> None:
        template(workload)["spec"]["containers"][0]["volumeMounts"][0]["name"] = "other"

    def relabel(workload: dict) -> None:
        template(workload)["metadata"]["labels"]["app.kubernetes.io/name"] = "other"

    def retype(workload: dict) -> None:
        workload["spec"]["replicas"] = "3"

    for change in [rename("image", "imagee"), rename("readinessProbe", "readyProbe"), retype]:
        for version in VERSIONS:
            expect(len(schema_problems([changed(web, change)], version)), 1, "what is wrong")
    for change in [refer, relabel]:
        others = [each for each in objects if each is not web]
        expect(References(others + [changed(web, change)], set()).find() != [], True, "whether it is found")


@check("the same stack gives the same bytes, in one file and in many, in YAML and in JSON", 60)
def _(e):
    import yaml
    first = e.export("shop.yaml", *SHOP).out
    expect(e.export("shop.yaml", *SHOP).out, first, "the second export")
    objects = list(yaml.safe_load_all(first))
    expect(json.loads(e.export("shop.yaml", *SHOP, "--format", "json").out)["items"], objects, "what is in JSON")
    e.export("shop.yaml", *SHOP, "-o", "deploy/")
    files = {path.name: path for path in pathlib.Path("deploy").glob("*.yaml")}
    expect(sorted(files), sorted(f"{each['kind'].lower()}-{each['metadata']['name']}.yaml" for each in objects), "files")
    for each in objects:
        path = files[f"{each['kind'].lower()}-{each['metadata']['name']}.yaml"]
        expect(yaml.safe_load(path.read_text()), each, path.name)
        expect(oct(path.stat().st_mode & 0o777), "0o600" if each["kind"] == "Secret" else "0o644", path.name)
    expect(len(list(pathlib.Path("deploy/images").glob("*.tar"))), 1, "the images")


@check("images are named after their registry and their content")
def _(e):
    objects = e.objects("shop.yaml", *SHOP, "--registry", "registry.example:5000/team")
    images = {container["image"] for each in objects if each["kind"] in WORKLOADS
              for container in template(each)["spec"]["containers"]}
    ours = [image for image in images if image.startswith("registry.example:5000/team/shop-agent:")]
    expect((len(images), len(ours)), (2, 1), "the images")


@check("what cannot be said is told with its place, all at once, and nothing is written")
def _(e):
    (e.home / "rich.yaml").write_text("""\
services:
  web:
    rootfs: rootfs
    command: web
    restart: always
    ulimits: {nofile: 1024}
    volumes: [./data:/data]
    user: www-data
""")
    result = e.export("rich.yaml", "-o", "rich/", code=1)
    for place, what in [("6:5", 'has no word for "ulimits"'), ("7:15", "--allow-host-path"), ("8:11", "UID or UID:GID")]:
        expect_in(f"rich.yaml:{place}: ", result.err, "the errors")
        expect_in(what, result.err, "the errors")
    expect(pathlib.Path("rich").exists(), False, "whether something is written")
    result = e.export("rich.yaml", "--ignore", "ulimits", "--ignore", "user", "--allow-host-path")
    if '"ulimits" is left out' not in result.err:
        raise Failed(f"not told: {result.err}")
