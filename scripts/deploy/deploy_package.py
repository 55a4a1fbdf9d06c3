"""The Debian package, in a root file system of Debian 12 that has nothing of ours; and make install."""

import os
import pathlib
import re
import shutil
import signal
import subprocess

from checks import Checks, Failed, Skipped, eventually, expect, expect_in
from sandbox import Result, Sandbox

CHECKS = Checks()
check = CHECKS
PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
# What dpkg and the programs it tells about packages keep for themselves.
OTHERS = re.compile(r"^/(proc|sys|dev|tmp|var/lib/(dpkg|systemd)|var/log|var/cache|run/systemd)(/|$)|^/etc/ld.so.cache$")
# How a shell asks: bash-completion loads the file when the program is first completed.
BASH = """. /usr/share/bash-completion/bash_completion; _completion_loader %s
COMP_WORDS=(%s); COMP_CWORD=1; $(complete -p %s | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); printf '%%s\\n' "${COMPREPLY[@]}"
"""


class Machine:
    """A Debian of its own: its files, and a mount namespace in which they are the root."""

    def __init__(self, box: Sandbox):
        self.box = box
        self.root = box.work / "debian"
        self.packages = box.work / "packages"
        self.root.mkdir()
        box.run("tar", "-C", self.root, "-xf", box.work.parent / "debian.tar")
        # The root is left for good, as a container has to be able to leave it.
        shell = """
            mount --bind "$1" "$1" && cd "$1"
            for directory in proc sys dev; do mount --rbind /$directory $directory; done
            for directory in run tmp; do mount -t tmpfs tmpfs $directory; done
            pivot_root . mnt && umount -l /mnt && exec sleep infinity
        """
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-euc", shell, "sh", str(self.root)], stdin=subprocess.DEVNULL)
        eventually(lambda: self("test", "!", "-e", "/mnt/bin", code=None).code == 0, "the root file system is the root")

    def __call__(self, *command, **options) -> Result:
        """Runs a command there."""
        return self.box.run(
            "nsenter", "--mount", f"--target={self._holder.pid}", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/root", "LANG=C.UTF-8", *command, **options)

    def shell(self, script: str, **options) -> Result:
        return self("sh", "-euc", script, **options)

    def give(self, file: pathlib.Path) -> str:
        """Puts a file into it, and returns where it is."""
        shutil.copy(file, self.root / "var/cache")
        return f"/var/cache/{file.name}"

    def files(self) -> set[str]:
        listed = self("find", "/", "-xdev", "-printf", "%p\n").out.splitlines()
        listed += self("find", "/run", "-printf", "%p\n").out.splitlines()
        return {path for path in listed if not OTHERS.search(path)}

    def processes(self) -> list[tuple[str, str]]:
        """Of each instance of all stacks its name and its process."""
        lines = self("gocker-compose", "-p", "life", "ps", "--format", "{{.Name}} {{.ProcessID}}").out.splitlines()
        return sorted(tuple(line.split()) for line in lines)

    def clear(self) -> None:
        if self("test", "-x", "/usr/bin/gocker-compose", code=None).code == 0:
            self.shell("for stack in $(gocker-compose ls -aq); do gocker-compose -p $stack down -t 0; done", code=None)

    def stop(self) -> None:
        self.clear()
        self._holder.kill()
        self._holder.wait()


def start(box: Sandbox) -> Machine:
    return Machine(box)


def make(e: Machine, target: str, *variables: str) -> Result:
    """What make does once everything is built: here there is no network, and nothing to build."""
    return e.box.run("make", "-C", PROJECT, "--old-file=build", target, *variables)


@check("make deb builds it", 120)
def _(e):
    make(e, "deb", f"DEBDIR={e.packages}")
    [e.package] = e.packages.iterdir()
    version = e.box.run(e.box.runtime, "--version").out.split()[2]
    expect(e.box.run("dpkg-deb", "-f", e.package, "Package", "Version").out,
           f"Package: gocker\nVersion: {version}\n", "what it says it is")


@check("lintian has nothing against it", 120)
def _(e):
    if shutil.which("lintian") is None:
        raise Skipped("there is no lintian")
    expect(e.box.run("lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", e.package).out,
           "", "what lintian says")


@check("it installs beside nothing else, and starts nothing", 60)
def _(e):
    e.before = e.files()
    said = e("dpkg", "--install", e.give(e.package))
    expect(said.err, "", "what there is to complain of")
    for program in ["gocker", "gocker-compose"]:
        expect_in("version", e(program, "--version").out + "version", "what it says")
    expect(e("sh", "-c", "command -v gocker").out, "/usr/bin/gocker\n", "where the program is")
    expect({path for path in e.files() - e.before if "/systemd/" in path},
           {"/usr/lib/systemd/system/gocker@.service"}, "what there is for systemd")


@check("programs are stripped and static")
def _(e):
    for program in ["gocker", "gocker-compose"]:
        expect_in("statically linked, ", e.box.run("file", e.root / "usr/bin" / program).out, "what it is")
        expect_in(", stripped", e.box.run("file", e.root / "usr/bin" / program).out, "what it is")


@check("manual pages are where man looks")
def _(e):
    for page in ["gocker", "gocker-run", "gocker-compose", "gocker-compose-up", "gocker-compose-supervise"]:
        expect(e("man", "--where", page).out, f"/usr/share/man/man1/{page}.1.gz\n", "where its page is")
        expect_in(page.upper() + "(1)", e("man", "--pager=cat", page).out, "the page")


@check("completion is where shells look")
def _(e):
    for program, word, expected in [("gocker", "root", "rootfs"), ("gocker-compose", "supe", "supervise")]:
        expect_in(expected, e("bash", "-c", BASH % (program, f"{program} {word}", program)).out, "what bash completes")
        zsh = f"autoload -Uz compinit && compinit -u -d /tmp/zcompdump && print $_comps[{program}]"
        expect(e("zsh", "-fc", zsh).out, f"_{program.replace('-', '_')}\n", "zsh's function for it")
        expect_in(expected, e("env", "HOME=/tmp", "fish", "-c", f"complete --do-complete '{program} {word}'").out, "what fish completes")


@check("the unit has no mistake")
def _(e):
    said = e("systemd-analyze", "verify", "gocker@shop.service", code=None)
    expect((said.code, said.err), (0, ""), "what systemd says of it")


@check("the demo runs, as it is shipped", 90)
def _(e):
    said = e("/usr/share/doc/gocker/examples/demo")
    expect_in("✔ it was restarted after its crash", said.out, "what it shows")
    expect_in("✔ nothing is left of it", said.out, "what it shows")
    if "✘" in said.out:
        raise Failed(said.out)


@check("examples run where they are", 60)
def _(e):
    e("gocker", "run", "--rootfs", e.shell("gocker rootfs create /srv/rootfs >/dev/null; echo /srv/rootfs").out.strip(),
      "true")
    e.shell("cp -r /usr/share/doc/gocker/examples/stacks /srv")
    e("gocker-compose", "-f", "/srv/stacks/ordered/stack.yaml", "up", "-d")
    e("gocker-compose", "-f", "/srv/stacks/ordered/stack.yaml", "down")


def start_a_stack(e: Machine) -> list[tuple[str, str]]:
    e.shell("""
        mkdir -p /etc/gocker/stacks/life
        echo 'services: {one: &s {rootfs: /srv/rootfs, command: [sleep, "1000"], stop_signal: KILL, restart: always}, two: *s}' \\
            >/etc/gocker/stacks/life/stack.yaml
        cd /etc/gocker/stacks/life && gocker-compose up -d
    """)
    return e.processes()


def supervisor(e: Machine) -> int:
    """The process that holds the lock. See proc(5), /proc/locks."""
    inode = e("stat", "-c", "%i", "/run/gocker/life.lock").out.strip()
    for line in pathlib.Path("/proc/locks").read_text().splitlines():
        words = line.split()
        if words[1] != "->" and words[5].endswith(f":{inode}"):
            return int(words[4])
    raise Failed("nobody holds the lock of the stack")


def running(e: Machine) -> set[int]:
    """The processes of the services, as the kernel has them."""
    # Some of them are gone when they are read.
    listed = e.shell("find /sys/fs/cgroup -path '*/gocker-life/*' -name cgroup.procs -exec cat {} + || true").out
    return {int(line) for line in listed.split()}


@check("an upgrade replaces supervisors, and no service notices", 60)
def _(e):
    before = start_a_stack(e)
    process = supervisor(e)
    changed = e.box.work / "changed"
    e.box.run("dpkg-deb", "-R", e.package, changed)
    control = changed / "DEBIAN/control"
    control.write_text(re.sub("(?m)^Version: .*", r"\g<0>+later", control.read_text()))
    later = e.packages / "later.deb"
    e.box.run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", changed, later)
    e("dpkg", "--install", e.give(later))
    expect(supervisor(e), process, "the process of the supervisor")
    # A program that has been replaced is shown as deleted.
    expect(os.readlink(f"/proc/{process}/exe").endswith("/usr/bin/gocker-compose"), True, "that it runs the new program")
    expect(e.processes(), before, "the services")


@check("removal leaves services alone, and says so", 60)
def _(e):
    before = running(e)
    expect(len(before), 2, "the number of processes of two services")
    said = e("dpkg", "--remove", "gocker")
    expect_in("stacks are running, and run on: life", said.err, "what it says")
    expect(running(e), before, "the processes")
    # The program is gone, and still the supervisor starts services with it.
    os.kill(min(before), signal.SIGKILL)
    eventually(lambda: len(running(e) - before) == 1, "a service that died runs again")
    expect(running(e) & before, {max(before)}, "the process that went on")


@check("a purge keeps the data of what runs", 60)
def _(e):
    said = e("dpkg", "--purge", "gocker")
    expect_in("stacks are running; /var/lib/gocker and /run/gocker stay", said.err, "what it says")
    expect(e("test", "-e", "/var/lib/gocker/life/journal", code=None).code, 0, "that the journal is there")
    e("dpkg", "--install", e.give(e.package))
    e("gocker-compose", "-p", "life", "down")


@check("what is purged is gone", 60)
def _(e):
    e.shell("rm -r /etc/gocker/stacks/life /srv/rootfs /srv/stacks")
    # A stack that is down but for its logs, and one that was to start at boot.
    e.shell("mkdir -p /var/lib/gocker/old/logs; mkdir -p /etc/systemd/system/multi-user.target.wants")
    e.shell("ln -s /usr/lib/systemd/system/gocker@.service /etc/systemd/system/multi-user.target.wants/gocker@old.service")
    expect(e("dpkg", "--purge", "gocker").err, "", "what there is to complain of")
    expect(sorted(e.files() - e.before), [], "what is left of it")
    expect(sorted(e.before - e.files()), [], "what was there before and is gone")


@check("make install and make uninstall", 60)
def _(e):
    target = e.box.work / "installed"
    (target / "usr/local/share/man").mkdir(parents=True)
    make(e, "install", f"DESTDIR={target}")
    found = {str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir()}
    for file in ["usr/local/bin/gocker", "usr/local/bin/gocker-compose", "usr/local/share/man/man1/gocker-run.1.gz",
                 "usr/local/share/bash-completion/completions/gocker-compose",
                 "usr/local/share/zsh/site-functions/_gocker_compose",
                 "usr/local/share/fish/vendor_completions.d/gocker.fish",
                 "usr/local/lib/systemd/system/gocker@.service", "usr/local/share/doc/gocker/README.md",
                 "usr/local/share/doc/gocker/examples/stacks/hello/stack.yaml", "etc/gocker/stacks/README"]:
        expect_in(file, found, "what is installed")
    expect_in("\nExecStart=/usr/local/bin/gocker-compose supervise\n",
              (target / "usr/local/lib/systemd/system/gocker@.service").read_text(), "the unit")
    # Again, over what is there; and what is somebody else's stays.
    (target / "etc/gocker/stacks/README").write_text("changed")
    (target / "usr/local/share/man/man1/other.1").write_text("")
    make(e, "install", f"DESTDIR={target}")
    expect((target / "etc/gocker/stacks/README").read_text(), "changed", "a setting")
    make(e, "uninstall", f"DESTDIR={target}")
    expect(sorted(str(path.relative_to(target)) for path in target.rglob("*")),
           ["usr", "usr/local", "usr/local/share", "usr/local/share/man", "usr/local/share/man/man1",
            "usr/local/share/man/man1/other.1"], "what is left")
