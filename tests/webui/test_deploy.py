"""The recipes in webui/deploy are tried: nginx in front with TLS and a path, the units, the container's commands.

Skipped where nginx or systemd-analyze is missing; POLICY_SEARCH_DEPLOY_TESTS=required, as in the gate, wants nginx,
and installs what the container installs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import pytest

from tests.webui.test_serving import get, running

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "webui" / "deploy"
REQUIRED = os.environ.get("POLICY_SEARCH_DEPLOY_TESTS") == "required"
SERVER = """
from tests.webui.web_engine import MemoryEngine
from webui import create_app
from webui.config import WebConfig
from webui.server.serving import serve

config = WebConfig(hosts=("www.example.org",), behind_proxy=1, prefix="/policy", requests_per_minute=20)
serve(create_app(MemoryEngine(), config), "127.0.0.1", 0, lambda address: print("Serving", address, flush=True), 2)
"""
MAIN = "daemon off; pid {0}/pid; error_log {0}/log; events {{}} http {{ access_log off; {1} include {0}/site.conf; }}"


def tool(name: str) -> str:
    """Find a program, also where an administrator's path leads."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        assert not REQUIRED, f"{name} is missing"
        pytest.skip(f"{name} is missing")
    return found


@contextmanager
def nginx_in_front(folder: Path, server_port: int) -> Iterator[int]:
    """Run nginx with our file; only ports and certificates are others."""
    nginx, openssl = tool("nginx"), tool("openssl")
    asked = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=www.example.org")
    names = ("-addext", "subjectAltName=DNS:www.example.org,DNS:localhost")
    made = [openssl, *asked, *names, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(made, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;", text)
    text = re.sub(r"(ssl_certificate\s+)\S+;", rf"\g<1>{folder}/cert.pem;", text)
    text = re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\g<1>{folder}/key.pem;", text)
    (folder / "site.conf").write_text(text.replace("127.0.0.1:8000", f"127.0.0.1:{server_port}"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (folder / "nginx.conf").write_text(MAIN.format(folder, " ".join(f"{k}_temp_path {folder}/{k};" for k in kinds)))
    command = [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def ask(folder: Path, port: int, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Ask nginx as a browser does, trusting its certificate."""
    trusting = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    opener = build_opener(HTTPSHandler(context=trusting), ProxyHandler({}))
    request = Request(
        f"https://localhost:{port}{path}", body.encode() or None, headers={"Host": "www.example.org", **headers}
    )
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs several processes")
def test_behind_nginx_with_tls_and_a_path_everything_leads_back(tmp_path: Path) -> None:
    with running(SERVER) as (_, server_port), nginx_in_front(tmp_path, server_port) as port:
        status, page = ask(tmp_path, port, "/policy/?q=a")
        links = re.findall(r'\b(?:href|src|action)="(/[^"]*)"', page)
        assert status == 200
        assert links
        assert [link for link in links if not link.startswith("/policy/")] == []
        style = next(link for link in links if "style.css" in link)
        assert ask(tmp_path, port, style)[0] == 200
        found = json.loads(ask(tmp_path, port, "/policy/api/search")[1])
        base = "https://www.example.org/policy/"
        assert all(link.startswith(base) for link in found["links"].values() if link)
        assert f"{base}announcements/" in ask(tmp_path, port, "/policy/feed.atom")[1]
        assert f"{base}announcements/" in ask(tmp_path, port, "/policy/export.csv")[1]
        forged = {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
        assert "evil" not in ask(tmp_path, port, "/policy/", **forged)[1]
        listed = "".join(f"list=示例公告{n}\n" for n in range(250))
        assert len(listed.encode()) > 4_096
        assert ask(tmp_path, port, "/policy/check", listed)[0] == 200
        assert ask(tmp_path, port, "/elsewhere")[0] in {403, 404}  # the site around it, which is nginx alone
        # All come from one address, whatever they claim; both processes count together.
        asked = [
            ask(tmp_path, port, "/policy/api/suggest?q=a", **{"X-Forwarded-For": f"203.0.113.{n}"})[0]
            for n in range(30)
        ]
        assert asked.count(200) <= 20
        assert 429 in asked


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("policy-search*.[st]*")))
def test_the_units_are_as_systemd_wants_them(tmp_path: Path, unit: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is missing")
    for path in DEPLOY.glob("policy-search*"):  # a timer is checked with its service
        text = path.read_text()
        (tmp_path / path.name).write_text(
            re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE)
        )
    checked = subprocess.run(
        [analyze, "verify", "--man=no", unit], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    told = [line for line in checked.stderr.splitlines() if "policy-search" in line]
    assert (checked.returncode, told) == (0, [])


def test_the_command_of_the_service_is_one_that_we_have(tmp_path: Path) -> None:
    line = re.search(
        r"^ExecStart=\S+/policy-search (.+)$", (DEPLOY / "policy-search.service").read_text(), re.MULTILINE
    )
    assert line
    code = "import sys; from webui.cli import main; sys.argv[0] = 'policy-search'; main()"
    with running(code, "--index", str(tmp_path / "none"), *line[1].split(), "--port", "0") as (_, port):
        assert get(port, "/healthz")[0] == 503


def test_a_log_file_that_is_cut_off_under_the_server_goes_on_from_its_beginning(tmp_path: Path) -> None:
    """What logrotate does with ``copytruncate``."""
    code = "import sys; from webui.cli import main; sys.argv[0] = 'policy-search'; main()"
    command = 'exec "$0" -c "$1" --index none serve --port 0 --processes 1 2>>"$2"'
    log = tmp_path / "serve.log"
    process = subprocess.Popen(["sh", "-c", command, sys.executable, code, str(log)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        port = int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])
        get(port, "/?q=%E5%B8%AE%E6%89%B6")
        wait_for_line(log, "帮扶")
        os.truncate(log, 0)
        get(port, "/?q=%E7%BB%BF%E5%8C%96")
        wait_for_line(log, "绿化")
        *_, line = log.read_text("utf-8").splitlines()
        assert json.loads(line)["query"] == "q=绿化"
        assert "帮扶" not in log.read_text("utf-8")
        assert b"\0" not in log.read_bytes()
    finally:
        process.terminate()
        process.communicate(timeout=60)


def wait_for_line(log: Path, text: str) -> None:
    deadline = time.monotonic() + 60
    while text not in log.read_text("utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_service_is_reloaded_by_the_signal_that_the_server_takes() -> None:
    assert "ExecReload=/bin/kill -HUP $MAINPID" in (DEPLOY / "policy-search.service").read_text()


def test_what_the_container_copies_is_all_that_it_takes(tmp_path: Path) -> None:
    """There may be no builder here: its steps run in a clean folder instead."""
    recipe = (DEPLOY / "Containerfile").read_text()
    source, site = tmp_path / "src", tmp_path / "site"
    source.mkdir()
    for names, place in re.findall(r"^COPY (.+) (\S+)$", recipe, re.MULTILINE):
        for name in names.split():
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, source / place)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = [] if REQUIRED else ["--no-deps", "--no-index", "--no-build-isolation"]
    extras = re.search(r'pip install --no-cache-dir "\.(\[[a-z,]+\])"', recipe)
    assert extras
    what = f"{source}{extras[1] if REQUIRED else ''}"
    subprocess.run([*install, *offline, "--target", str(site), what], check=True, cwd=tmp_path, capture_output=True)
    command = re.search(r"^CMD (\[.+\])$", recipe, re.MULTILINE)
    assert command
    code = f"import sys; sys.path.insert(0, {str(site)!r}); sys.path = [p for p in sys.path if p != {str(ROOT)!r}]; "
    code += "import webui; assert webui.__file__.startswith(sys.path[0]), webui.__file__; "
    code += "from webui.cli import main; sys.argv[0] = 'policy-search'; main()"
    arguments = [part if part != "0.0.0.0" else "127.0.0.1" for part in json.loads(command[1])]
    with running(code, "--index", str(tmp_path / "none"), *arguments, "--port", "0") as (_, port):
        assert get(port, "/healthz")[0] == 503
        assert get(port, "/static/style.css")[0] == 200
