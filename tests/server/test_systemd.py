"""The shipped unit under a systemd that runs: started, reloaded, killed, stopped, and confined."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from .conftest import descendants, holds

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "docs" / "deploy" / "peelgraph.service"
SYSTEMD = Path("/lib/systemd/systemd")

pytestmark = pytest.mark.slow

#: tries what the unit forbids, from within, and writes down what came of each
_PROBE = """
import ctypes, json, mmap, os, resource, socket, sys

libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def reach():
    with socket.create_server(("10.255.255.1", 8080)) as server:
        with socket.create_connection(server.getsockname(), timeout=2):
            pass

tried = {
    "write": lambda: open("/etc/written", "w"),
    "write /usr": lambda: open("/usr/written", "w"),
    "home": lambda: os.listdir("/root"),
    "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    "address": reach,
    "code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC),
    "namespace": lambda: call(272, 0x10000000),
    "mount": lambda: call(165, b"none", b"/tmp", b"tmpfs", 0, None),
    "reboot": lambda: call(169, 0, 0, 0, None),
    "personality": lambda: call(135, 0x0040000),
    "root": lambda: os.setuid(0),
    "time": lambda: call(227, 0, None),
    "setuid": lambda: os.chmod(os.environ["CACHE_DIRECTORY"], 0o4755),
    "realtime": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "kernel": lambda: open("/proc/sys/kernel/domainname", "w"),
}
found = {}
for name, what in tried.items():
    try:
        what()
        found[name] = ""
    except OSError as error:
        found[name] = type(error).__name__ + " " + str(error)
found["temporary"] = os.listdir("/tmp")
found["others"] = [each for each in os.listdir("/proc") if each.isdigit() and int(each) == 1]
kinds = resource.RLIMIT_NOFILE, resource.RLIMIT_CORE
found["limits"] = [resource.getrlimit(each)[0] for each in kinds]
with open(os.environ["CACHE_DIRECTORY"] + "/found", "w") as file:
    json.dump(found, file)
"""


class System:
    """A systemd that runs in namespaces of its own."""

    def __init__(self, pid: int, group: str) -> None:
        self.pid = pid
        self.group = group

    def run(self, *command: str, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run a command where it runs."""
        enter = ["nsenter", "--target", str(self.pid), "--all", "--root", "--wd"]
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"]
        return subprocess.run(
            [*enter, *clean, *command],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def show(self, name: str, unit: str = "peelgraph") -> str:
        """Return a property of a unit."""
        return self.run("systemctl", "show", "-p", name, "--value", unit).stdout.strip()

    def log(self) -> str:
        """Return what the server said."""
        return self.run("journalctl", "-u", "peelgraph", "--no-pager", "-o", "cat").stdout

    def ask(self, path: str) -> int:
        """Return the status of an answer, or 0 if there is none."""
        code = (
            "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8080, timeout=30); "
            f"c.request('GET', {path!r}); print(c.getresponse().status)"
        )
        found = self.run("/opt/peelgraph/bin/python", "-c", code)
        return int(found.stdout) if found.returncode == 0 else 0


def made(folder: Path) -> dict[str, str]:
    """Make what the machine is to have, and return what its script is told."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program, packages = folder / "opt", folder / "opt" / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, str(folder / "wheel"), str(ROOT)], check=True, capture_output=True)
    (wheel,) = (folder / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (program / "bin").mkdir()
    # an interpreter of the system's own, if it is of this version, needs no other library
    home = "/usr/bin" if Path(f"/usr/bin/{version}").exists() else "/opt/python/bin"
    (program / "bin" / "python").symlink_to(f"{home}/{version}")
    (program / "pyvenv.cfg").write_text(f"home = {home}\n")
    script = program / "bin" / "peelgraph"
    script.write_text(
        "#!/opt/peelgraph/bin/python\nimport sys\nfrom peelgraph.cli import cli\nsys.exit(cli())\n"
    )
    script.chmod(0o755)
    (program / "probe.py").write_text(_PROBE)
    units = folder / "units"
    units.mkdir()
    text = UNIT.read_text("utf-8")
    (units / "peelgraph.service").write_text(text)
    probe = []
    for line in text.splitlines():
        name = line.partition("=")[0]
        if name == "ExecStart":
            line = "ExecStart=/opt/peelgraph/bin/python /opt/peelgraph/probe.py"
        if name not in ("ExecReload", "Restart"):
            line = line.replace("Type=exec", "Type=oneshot")
            probe.append(line.replace("CacheDirectory=peelgraph", "CacheDirectory=probe"))
    (units / "probe.service").write_text("\n".join(probe) + "\n")
    return {**os.environ, "PYTHON": sys.base_prefix, "PACKAGES": sysconfig.get_path("purelib")}


def groups(name: str) -> list[Path]:
    """Return the control groups of a name, in each hierarchy."""
    found = [each.split() for each in Path("/proc/self/mounts").read_text().splitlines()]
    return [Path(each[1]) / name for each in found if each[2] in ("cgroup", "cgroup2")]


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Boot a systemd, or skip the tests and say what it would have needed."""
    if os.geteuid() != 0 or not SYSTEMD.exists() or shutil.which("unshare") is None:
        pytest.skip("only root can boot a systemd, where one is installed")
    with tempfile.TemporaryDirectory(prefix="peel-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        told = made(folder)
        log = (folder / "log").open("wb")
        command = ["sh", str(Path(__file__).with_name("systemd.sh")), "outer", name]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=told)
        try:
            found = System(0, folder.name)

            def booted() -> bool:
                if process.poll() is not None:
                    return True
                found.pid = next(iter(sorted(descendants(process.pid))), 0)
                said = found.run("systemctl", "is-system-running") if found.pid else None
                return said is not None and said.stdout.strip() in ("running", "degraded")

            holds(booted)
            if process.poll() is not None:
                said = (folder / "log").read_text("utf-8", "replace").strip()
                pytest.skip(f"no systemd can be booted here: {said[-300:]}")
            yield found
        finally:
            process.kill()
            process.wait()
            log.close()
            for group in groups(folder.name):
                holds(lambda group=group: not _left(group), within=20)  # type: ignore[misc]


def _left(group: Path) -> bool:
    """Take a control group away with all below it; whether something of it is left."""
    for each in sorted(group.rglob("*"), reverse=True):
        if each.is_dir():
            with suppress(OSError):
                each.rmdir()
    with suppress(OSError):
        group.rmdir()
    return group.exists()


@pytest.fixture(scope="module")
def started(system: System) -> System:
    """Return the system when the server serves."""
    done = system.run("systemctl", "start", "peelgraph")
    assert done.returncode == 0, done.stderr + system.log()
    holds(lambda: system.ask("/health") == 200)
    return system


def test_it_serves_as_nobody_in_particular(started: System) -> None:
    for path in ("/", "/questions/phase?force=west-midlands", "/search?q=vetting"):
        assert started.ask(path) == 200, started.log()
    status = started.run("cat", f"/proc/{started.show('MainPID')}/status").stdout
    said = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert 61184 <= int(said["Uid"].split()[0]) <= 65519  # as systemd makes them up
    assert (said["CapEff"], said["CapBnd"]) == ("0" * 16, "0" * 16)
    assert (said["NoNewPrivs"], said["Seccomp"]) == ("1", "2")
    bounds = {
        "memory.limit_in_bytes": 8 << 30,
        "memory.max": 8 << 30,
        "pids.max": 2048,
    }
    seen = [
        int(file.read_text()) == bound
        for group in groups(started.group)
        for name, bound in bounds.items()
        if (file := group / "system.slice" / "peelgraph.service" / name).exists()
    ]
    assert seen and all(seen)


def test_nothing_that_the_unit_forbids_can_be_done(started: System) -> None:
    done = started.run("systemctl", "start", "probe")
    assert done.returncode == 0, started.run("journalctl", "-u", "probe", "--no-pager").stdout
    found: dict[str, Any] = json.loads(started.run("cat", "/var/cache/private/probe/found").stdout)
    assert found.pop("temporary") == []
    assert found.pop("others") == []
    assert found.pop("limits") == [16384, 0]
    assert {name: said for name, said in found.items() if not said} == {}


def test_it_is_reloaded_killed_and_stopped(started: System) -> None:
    assert started.run("systemctl", "reload", "peelgraph").returncode == 0
    holds(lambda: "The snapshot has not changed." in started.log())
    started.run("kill", "-9", started.show("MainPID"))
    holds(lambda: started.show("NRestarts") == "1" and started.ask("/health") == 200)
    assert started.run("systemctl", "stop", "peelgraph").returncode == 0
    assert (started.show("Result"), started.show("ActiveState")) == ("success", "inactive")
    assert started.show("ExecMainStatus") == "0"
    assert started.run("ls", "/var/cache/private/peelgraph").stdout.count(".nq\n") == 1
