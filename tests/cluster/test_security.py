"""What goes to a cluster and to nobody else: certificates are checked, and who asks is told to the cluster alone."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from base64 import b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from indexer.engine_choice import open_engine
from indexer.errors import ClusterUnavailable, IndexMissing
from indexer.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.engine import Engine

pytest.importorskip("opensearchpy")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate of the server")


@dataclass
class SecureServer:
    """Stands for a cluster that holds no index, and keeps what it is told of who asks."""

    certificate: Path
    url: str
    status: int = 404
    asked_by: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody has signed, and its key, in one file."""
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    where = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(file)]
    subprocess.run([*made, *where], check=True, capture_output=True)
    return file


@pytest.fixture
def server(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecureServer]:
    monkeypatch.setattr("indexer.cluster.connection.READING_SECONDS", 0.1)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked_by.append(self.headers.get("Authorization", ""))
            body = b'{"error": {"type": "told_by_the_server"}, "status": %d}' % told.status
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        told = SecureServer(certificate, f"https://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield told
        finally:
            listening.shutdown()
            thread.join()


def engine_at(server: SecureServer, **values: str) -> Engine:
    given = {"POLICY_SEARCH_ENGINE": "opensearch", "POLICY_SEARCH_URL": server.url, "POLICY_SEARCH_INDEX": "x"}
    return open_engine(read_settings({**given, **{f"POLICY_SEARCH_{name}": value for name, value in values.items()}}))


def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(server: SecureServer) -> None:
    with pytest.raises(ClusterUnavailable, match="certificate verify failed"):
        engine_at(server, USER="eve", PASSWORD="secret").version()
    assert server.asked_by == []


def test_with_its_certificate_given_the_server_is_trusted_and_told_who_asks(server: SecureServer) -> None:
    with pytest.raises(IndexMissing):
        engine_at(server, CA=str(server.certificate), USER="eve", PASSWORD="pässword").version()
    assert set(server.asked_by) == {"Basic " + b64encode("eve:pässword".encode()).decode()}


def test_a_certificate_for_another_host_is_refused(server: SecureServer) -> None:
    server.url = server.url.replace("127.0.0.1", "localhost")
    with pytest.raises(ClusterUnavailable, match="certificate verify failed"):
        engine_at(server, CA=str(server.certificate), API_KEY="key").version()
    assert server.asked_by == []


def test_a_key_goes_as_a_key(server: SecureServer) -> None:
    with pytest.raises(IndexMissing):
        engine_at(server, CA=str(server.certificate), API_KEY="bXkta2V5").version()
    assert set(server.asked_by) == {"ApiKey bXkta2V5"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_names_the_settings_and_not_what_is_in_them(
    server: SecureServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = status
    caplog.set_level(0)
    with pytest.raises(ClusterUnavailable, match="POLICY_SEARCH_PASSWORD") as caught:
        engine_at(server, CA=str(server.certificate), USER="eve", PASSWORD="secret").version()
    told = f"{caught.value} {caught.value.__cause__!r} {caplog.text}"
    assert "secret" not in told
    assert b64encode(b"eve:secret").decode() not in told


def test_a_file_without_a_certificate_is_said_to_be_none(server: SecureServer, tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    with pytest.raises(ClusterUnavailable, match="certificates"):
        engine_at(server, CA=str(empty)).version()
    assert server.asked_by == []
