"""The shipped unit and proxy example, tried: with a real nginx, without privileges, read-only."""

import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import Live, holds, server

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
NAME = "graph.example.org"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

GZIP = {"Accept-Encoding": "gzip"}

pytestmark = pytest.mark.slow


class Front(NamedTuple):
    """nginx in front of a server."""

    port: int
    plain: int
    live: Live
    certificate: Path

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        method: str = "GET",
        body: bytes | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        context = ssl.create_default_context(cafile=str(self.certificate))
        # not from the address of the proxy itself, which is believed
        client = ("127.0.0.2", 0)
        raw = socket.create_connection(("127.0.0.1", self.port), 90, source_address=client)
        connection = http.client.HTTPSConnection(NAME, timeout=90)
        connection.sock = context.wrap_socket(raw, server_hostname=NAME)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        return answer, found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def made_here(text: str, folder: Path, port: int, plain: int, upstream: str) -> str:
    """Return the example with the places and ports of this test instead of a machine's."""
    text = re.sub(r"^ *listen \[::\]:.*\n", "", text, flags=re.M)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server 127.0.0.1:8080;": f"server {upstream};",
        f"/etc/ssl/{NAME}": str(folder),
        "/var/cache/nginx/peelgraph": str(folder / "cache"),
    }
    for old, new in changes.items():
        assert old in text, f"the example has no '{old}' any more"
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificate")
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )
    options = ("--trusted-proxy", "127.0.0.1", "--base-url", f"https://{NAME}")
    with server(*options) as live:
        port, plain = free_port(), free_port()
        example = (DEPLOY / "nginx.conf").read_text("utf-8")
        upstream = live.address.removeprefix("http://").rstrip("/")
        (folder / "site.conf").write_text(made_here(example, folder, port, plain, upstream))
        temporary = "".join(
            f"{each}_temp_path {folder}/{each};\n"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''}\npid {folder}/pid;\n"
            f"error_log {folder}/error.log;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
        )
        command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        command += ["-e", str(folder / "error.log")]
        said = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert said.returncode == 0 and "warn" not in said.stderr, said.stderr
        with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
            try:
                holds(lambda: _listens(port), within=20)
                yield Front(port, plain, live, folder / "fullchain.pem")
            finally:
                process.send_signal(signal.SIGQUIT)
                process.wait(20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_plain_http_is_led_to_tls(front: Front) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=30)
    connection.request("GET", "/status?force=kent", headers={"Host": "elsewhere.example"})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/status?force=kent"
    connection.close()


def test_pages_and_health_are_passed_on_and_metrics_are_not(front: Front) -> None:
    answer, body = front.ask("/")
    assert answer.status == 200 and b"peelgraph" in body
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    answer, body = front.ask("/health")
    assert answer.status == 200 and json.loads(body)["ready"]
    assert front.ask("/metrics")[0].status == 404


def test_who_asks_is_the_proxys_word_and_not_the_clients(front: Front) -> None:
    for name in ("X_Forwarded_For", "X-Forwarded-For"):
        spoofed = {name: "198.51.100.7"}
        assert front.ask(f"/search?q={name.lower()}", spoofed)[0].status == 200
    holds(lambda: front.live.said().count('"/search"') >= 2, within=20)
    lines = [json.loads(line) for line in front.live.said().splitlines() if line.startswith("{")]
    assert {line["client"] for line in lines if line["path"] == "/search"} == {"127.0.0.2"}


def test_an_answer_is_compressed_once_and_cached_by_its_form(front: Front) -> None:
    path = f"/questions/documents?limit={time.time_ns() % 10**8}&format=json"
    plain, body = front.ask(path)
    packed, small = front.ask(path, GZIP)
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(small) == body
    assert [plain.headers["X-Cache"], packed.headers["X-Cache"]] == ["MISS", "MISS"]
    again = [front.ask(path)[0], front.ask(path, GZIP)[0]]
    assert [each.headers["X-Cache"] for each in again] == ["HIT", "HIT"]
    tag = str(packed.headers["ETag"])
    known, nothing = front.ask(path, GZIP | {"If-None-Match": tag})
    assert known.status == 304 and nothing == b""


def test_the_limits_refused_with_are_ours(front: Front) -> None:
    form = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    answer, body = front.ask("/sparql", form, "POST", b"ASK { } #" + b"x" * (257 << 10))
    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert "262144 bytes" in json.loads(body)["detail"]
    answer, body = front.ask(f"/sparql?query=ASK%7B%7D%23{'x' * (33 << 10)}")
    assert (answer.status, answer.headers["Content-Type"]) == (414, "application/problem+json")
    answer, _ = front.ask(f"/sparql?query=ASK%7B%7D%23{'x' * (31 << 10)}")
    assert answer.status == 200


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = (DEPLOY / "peelgraph.service").read_text("utf-8")
    program = Path(sys.executable).with_name("peelgraph")
    assert unit.count("/opt/peelgraph/bin/peelgraph") == 1
    file = tmp_path / "peelgraph.service"
    file.write_text(unit.replace("/opt/peelgraph/bin/peelgraph", str(program)))
    analyze = ["systemd-analyze", "--no-pager"]
    said = subprocess.run([*analyze, "verify", str(file)], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
    command = [*analyze, "security", "--offline=true", "--threshold=15", str(file)]
    exposed = subprocess.run(command, capture_output=True, text=True)
    assert exposed.returncode == 0, exposed.stdout


#: as the unit has it: no privileges, nothing writable but the cache and a temporary folder, limits
_CONFINED = """
set -e
mount --make-rprivate /
if [ -n "$HIDDEN" ]; then  # an interpreter that nobody could reach: shown where it is
    mkdir "$FOLDER/python"
    mount --bind "$PREFIX" "$FOLDER/python"
    mount -t tmpfs -o mode=755 none "$HIDDEN"
    mkdir -p "$PREFIX"
    mount --bind "$FOLDER/python" "$PREFIX"
fi
mount --bind "$FOLDER" "$FOLDER"
mount -o remount,bind,ro /
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \
    prlimit --nofile=16384 --core=0 --nproc=2048 "$@"
"""


@pytest.fixture
def own() -> Iterator[Path]:
    """Return a folder of nobody's, whose path is short enough for a socket in it."""
    if os.geteuid() != 0:
        pytest.skip("only root can give all privileges away")
    with tempfile.TemporaryDirectory(prefix="peel-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "own").mkdir()
        os.chown(folder / "own", 65534, 65534)
        yield folder / "own"


def test_it_serves_without_privileges_on_a_read_only_file_system(own: Path, tmp_path: Path) -> None:
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip(f"no namespace of mounts can be had here: {tried.stderr.decode().strip()}")
    above = reversed(Path(sys.base_prefix).parents)
    environment = {
        **os.environ,
        "PREFIX": sys.base_prefix,
        "HIDDEN": next((str(each) for each in above if not each.stat().st_mode & 1), ""),
        "FOLDER": str(own),
        "TMPDIR": str(own),
        "PEELGRAPH_CACHE": str(own / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = [sys.executable, "-m", "peelgraph", "serve", "--port", "0"]
    command = ["unshare", "--mount", "sh", "-c", _CONFINED, "sh", *program]
    log = tmp_path / "log"
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stderr=errors, env=environment)
    try:
        holds(lambda: "peelgraph is at" in log.read_text() or process.poll() is not None, 180)
        assert process.poll() is None, log.read_text()
        address = log.read_text().partition("peelgraph is at ")[2].split()[0]
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(r"^Uid:\t65534\t65534", status, re.M)
        assert re.search(r"^CapBnd:\t0+$", status, re.M)
        host = address.removeprefix("http://").rstrip("/")
        for path in ("/health", "/questions/phase?force=west-midlands", "/search?q=vetting"):
            connection = http.client.HTTPConnection(host, timeout=60)
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            assert answer.status == 200, (path, answer.read())
            connection.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
