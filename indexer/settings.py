"""What the operator chose: read once at the edge, passed down as values."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zlib import crc32

from indexer.errors import ParameterError, Problem, SettingWrong
from indexer.expectations import expect
from indexer.light_dataclass import dataclass
from indexer.messages import of_system, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.cluster_settings import Cluster

DEFAULT_INDEX = Path("policy-index")
ENGINES = ("whoosh", "opensearch")
INDEX_MARK = "policy-search-index"  # name of a file in every folder that is an index: no pages lie in it


@dataclass(frozen=True, slots=True)
class Part:
    """One of several shares of the pages, each read by a process of its own."""

    number: int  # from 1
    of: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what is written as 2/3; raises ``ParameterError``."""
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
        if not match or not 1 <= int(match[1]) <= int(match[2]):
            raise ParameterError([Problem("--part", text, expect("share"))])
        return cls(int(match[1]), int(match[2]))

    def holds(self, file: str, line: int = 0) -> bool:
        """Return whether a page is in this share: by its folder, for pages belong together; JSON Lines by the line."""
        together = f"{file}#{line}" if line else file.rpartition("/")[0]
        return crc32(together.encode("utf-8", "surrogatepass")) % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the index is, which engine answers, and the operator's own tables."""

    index: Path = DEFAULT_INDEX  # a folder; on a cluster its last name is the index's
    words: Path | None = None  # words that are not to be cut, one a line
    synonyms: Path | None = None  # groups of synonyms, one a line
    cluster: Cluster | None = None  # None: the embedded engine
    part: Part | None = None  # what this process adds to a rebuild; None: all
    kernel: bool = True  # the embedded engine looks up by its compiled kernel where there is one; else by numpy alone


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read ``POLICY_SEARCH_*`` variables; missing and empty ones keep their defaults.

    Raises ``SettingWrong`` for what cannot be, such as a file that is not there.
    """
    values = os.environ if environ is None else environ
    return Settings(
        index=Path(values.get("POLICY_SEARCH_INDEX") or DEFAULT_INDEX),
        words=_table(values, "POLICY_SEARCH_WORDS"),
        synonyms=_table(values, "POLICY_SEARCH_SYNONYMS"),
        cluster=_cluster(values),
        kernel=_switch(values, "POLICY_SEARCH_KERNEL"),
    )


def _cluster(values: Mapping[str, str]) -> Cluster | None:
    engine = values.get("POLICY_SEARCH_ENGINE") or ENGINES[0]
    if engine not in ENGINES:
        raise SettingWrong("POLICY_SEARCH_ENGINE", engine, said("expected %(names)s", names=" or ".join(ENGINES)))
    if engine == ENGINES[0]:
        return None
    from indexer.cluster_settings import read_cluster  # noqa: PLC0415 - reads addresses, which most never need

    return read_cluster(values, _file(values, "POLICY_SEARCH_CA"))


def _switch(values: Mapping[str, str], name: str) -> bool:
    written = values.get(name) or "on"
    if written not in ("on", "off"):
        raise SettingWrong(name, written, said("expected %(names)s", names="on or off"))
    return written == "on"


def _file(values: Mapping[str, str], name: str) -> Path | None:
    written = values.get(name)
    if not written:
        return None
    path = Path(written)
    if not path.is_file():
        raise SettingWrong(name, written, said("there is no such file"))
    return path


def _table(values: Mapping[str, str], name: str) -> Path | None:
    path = _file(values, name)
    if path is None:
        return None
    try:
        path.read_text(encoding="utf-8-sig")  # whoever needs it reads it again: it is small
    except UnicodeDecodeError as error:
        raise SettingWrong(name, str(path), said("it is not UTF-8")) from error
    except OSError as error:
        raise SettingWrong(name, str(path), of_system(error)) from error
    return path
