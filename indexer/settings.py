"""What the operator chose: read once at the edge, passed down as values."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from zlib import crc32

from indexer.errors import SettingWrong

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

DEFAULT_INDEX = Path("policy-index")
SHARDS, REPLICAS = 3, 1  # of a new index on a cluster: three nodes share it, and one may be lost
ENGINES = ("whoosh", "opensearch")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which OpenSearch cluster, as whom, and how a new index is laid out on it."""

    nodes: tuple[str, ...]  # https://a.example:9200, without who asks
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: Path | None = None  # certificates to trust in place of the system's
    shards: int = SHARDS
    replicas: int = REPLICAS  # copies of each shard beside the first: so many nodes may be lost


@dataclass(frozen=True, slots=True)
class Part:
    """One of several shares of the pages, each read by a process of its own."""

    number: int  # from 1
    of: int

    def holds(self, path: str) -> bool:
        """Whether a page is in this share: by its folder, for pages belong together; of JSON Lines by the line."""
        folder = path if "#" in path else path.rpartition("/")[0]
        return crc32(folder.encode("utf-8", "surrogatepass")) % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index is, which engine answers, and the operator's own tables."""

    index: Path = DEFAULT_INDEX  # a folder; with a cluster, the index's name there
    words: Path | None = None  # words that are not to be cut, one a line
    synonyms: Path | None = None  # groups of synonyms, one a line
    cluster: Cluster | None = None  # None: the embedded engine
    part: Part | None = None  # what this process adds to a rebuild; None: all


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``POLICY_SEARCH_*`` variables; missing and empty ones keep their defaults.

    Raises ``SettingWrong`` for what cannot be, such as a file that is not there.
    """
    values = os.environ if environ is None else environ
    engine = values.get("POLICY_SEARCH_ENGINE") or ENGINES[0]
    if engine not in ENGINES:
        raise SettingWrong("POLICY_SEARCH_ENGINE", engine, f"expected {' or '.join(ENGINES)}")
    return Settings(
        index=Path(values.get("POLICY_SEARCH_INDEX") or DEFAULT_INDEX),
        cluster=_read_cluster(values) if engine == "opensearch" else None,
        words=_file(values, "POLICY_SEARCH_WORDS"),
        synonyms=_file(values, "POLICY_SEARCH_SYNONYMS"),
    )


def _file(values: Mapping[str, str], name: str) -> Path | None:
    written = values.get(name)
    if not written:
        return None
    path = Path(written)
    if not path.is_file():
        raise SettingWrong(name, written, "there is no such file")
    return path


def _read_cluster(values: Mapping[str, str]) -> Cluster:
    urls = [_node(url.strip()) for url in values.get("POLICY_SEARCH_URL", "").split(",") if url.strip()]
    if not urls:
        raise SettingWrong("POLICY_SEARCH_URL", "", "expected addresses of nodes, such as https://a.example:9200")
    user = values.get("POLICY_SEARCH_USER") or unquote(urls[0].username or "")
    password = values.get("POLICY_SEARCH_PASSWORD") or unquote(urls[0].password or "")
    api_key = values.get("POLICY_SEARCH_API_KEY", "")
    if user and api_key:
        raise SettingWrong("POLICY_SEARCH_USER", user, "expected none beside POLICY_SEARCH_API_KEY: one of the two")
    if (password or api_key) and any(url.scheme == "http" and not _is_loopback(url) for url in urls):
        raise SettingWrong("POLICY_SEARCH_URL", "http://…", "expected https, for a password or key is sent")
    return Cluster(
        nodes=tuple(url._replace(netloc=url.netloc.rpartition("@")[2]).geturl().rstrip("/") for url in urls),
        user=user,
        password=password,
        api_key=api_key,
        ca=_file(values, "POLICY_SEARCH_CA"),
        shards=_whole_number(values, "POLICY_SEARCH_SHARDS", SHARDS, least=1),
        replicas=_whole_number(values, "POLICY_SEARCH_REPLICAS", REPLICAS, least=0),
    )


def _node(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        is_right = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        is_right = False
    if not is_right:
        shown = text.rpartition("@")[2]  # what stands before may hold a password
        raise SettingWrong("POLICY_SEARCH_URL", shown, "expected addresses such as https://a.example:9200")
    return url


def _is_loopback(url: SplitResult) -> bool:
    try:
        return url.hostname == "localhost" or ip_address(url.hostname or "").is_loopback
    except ValueError:
        return False


def _whole_number(values: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = values.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < least:
        raise SettingWrong(name, text, f"expected a whole number from {least}")
    return int(text)


def cluster_index_name(index: Path) -> str:
    """Give the name that an index has on a cluster: the last part of its path; raises ``SettingWrong``."""
    if not _NAME.fullmatch(index.name):
        raise SettingWrong(
            "POLICY_SEARCH_INDEX", str(index), "expected lower-case letters, digits, - and _ on a cluster"
        )
    return index.name
