"""Which cluster the operator means, as whom it is asked, and how a new index is laid out on it.

Who asks is never shown: neither password nor key stands in a ``repr``, an address or a message.
"""

from __future__ import annotations

import re
from dataclasses import field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from indexer.errors import SettingWrong
from indexer.light_dataclass import dataclass
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from urllib.parse import SplitResult

SHARDS, REPLICAS = 3, 1  # of a new index: three nodes share it, and one may be lost
_EXPECTED: Final = said(
    "expected addresses such as https://a.example:9200; / ? # in a name or password are written %2F %3F %23"
)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Cluster:
    """An OpenSearch cluster."""

    nodes: tuple[str, ...]  # https://a.example:9200, without who asks
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: Path | None = None  # certificates to trust in place of the system's
    shards: int = SHARDS
    replicas: int = REPLICAS  # copies of each shard beside the first: so many nodes may be lost


def read_cluster(values: Mapping[str, str], ca: Path | None) -> Cluster:
    """Read the variables that say where the cluster is and who asks; raises ``SettingWrong``."""
    urls = [_node(url.strip()) for url in values.get("POLICY_SEARCH_URL", "").split(",") if url.strip()]
    if not urls:
        raise SettingWrong("POLICY_SEARCH_URL", "", said("expected addresses of nodes, such as https://a.example:9200"))
    user = values.get("POLICY_SEARCH_USER") or unquote(urls[0].username or "")
    password = values.get("POLICY_SEARCH_PASSWORD") or unquote(urls[0].password or "")
    api_key = values.get("POLICY_SEARCH_API_KEY", "")
    if user and api_key:
        raise SettingWrong(
            "POLICY_SEARCH_USER", user, said("expected none beside POLICY_SEARCH_API_KEY: one of the two")
        )
    if (password or api_key) and any(url.scheme == "http" and not _is_loopback(url) for url in urls):
        raise SettingWrong("POLICY_SEARCH_URL", "http://…", said("expected https, for a password or key is sent"))
    return Cluster(
        nodes=tuple(url._replace(netloc=url.netloc.rpartition("@")[2]).geturl().rstrip("/") for url in urls),
        user=user,
        password=password,
        api_key=api_key,
        ca=ca,
        shards=_whole_number(values, "POLICY_SEARCH_SHARDS", SHARDS, least=1),
        replicas=_whole_number(values, "POLICY_SEARCH_REPLICAS", REPLICAS, least=0),
    )


def _node(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        is_right = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
        if "@" in url.path + url.query + url.fragment:  # what looks like the host is part of a name or password
            is_right = False
    except ValueError:
        is_right = False
    if not is_right:
        shown = text.rpartition("@")[2]  # what stands before may hold a password
        raise SettingWrong("POLICY_SEARCH_URL", shown, _EXPECTED)
    return url


def _is_loopback(url: SplitResult) -> bool:
    try:
        return url.hostname == "localhost" or ip_address(url.hostname or "").is_loopback
    except ValueError:
        return False


def _whole_number(values: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = values.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < least:
        raise SettingWrong(name, text, said("expected a whole number from %(least)s", least=str(least)))
    return int(text)


def cluster_index_name(index: Path) -> str:
    """Return the name that an index has on a cluster: the last part of its path; raises ``SettingWrong``."""
    if not _NAME.fullmatch(index.name):
        raise SettingWrong(
            "POLICY_SEARCH_INDEX", str(index), said("expected lower-case letters, digits, - and _ on a cluster")
        )
    return index.name
