"""Versions of an index: which one answers, how the next takes its place in one step, and what is cleared away.

An index *name* (the operator's) is an alias of one *build*, an index of the cluster. Each commit gives its build one
more alias, its *version*, which leaves out what came later or was taken away: so a reader who asks by that alias reads
one whole version, whatever is written meanwhile. Aliases change in one step, all or none.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from opensearchpy.exceptions import NotFoundError, RequestError

from indexer.cluster.averages import Averages
from indexer.cluster.compaction import MERGED_LATER
from indexer.cluster.mappings import body_of_index, stamp
from indexer.errors import IndexMissing
from indexer.light_dataclass import dataclass
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from indexer.cluster.connection import Body, Connection

_BUILD: Final = "{name}.build-{number}-{token}"
_SHARED_BUILD: Final = "{name}.build-{number}-of-{parts}"
_SHARED: Final = re.compile(r"\.build-(\d+)-of-\d+$")
_VERSION: Final = re.compile(r"\.at-((\d+)-[0-9a-z]+)$")


@dataclass(frozen=True, slots=True)
class Build:
    """An index of the cluster that holds one version or a few."""

    index: str
    averages: Averages
    stamp: dict[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One commit."""

    name: str  # 17-9f3a01c2
    number: int
    alias: str  # what it is read through
    build: str
    filter: Body  # of the alias


def next_version(number: int) -> str:
    """Name the version of this number; differently each time, for two makers may try."""
    return f"{number}-{secrets.token_hex(4)}"


class Versions:
    """The versions of one index name."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.name = name
        self._connection = connection
        self._builds: dict[str, Build] = {}  # what a build was made with never changes

    # ── reading ──

    def all(self) -> list[Version]:
        """Return the versions of the build that answers, newest first; raises ``IndexMissing``."""
        try:
            told = self._connection.tried(
                lambda: self._connection.client.indices.get_alias(index=self.name, params=_AT_HAND)
            )
        except NotFoundError:
            raise IndexMissing(self.name, said("there is none yet")) from None
        found = [
            Version(match[1], int(match[2]), alias, index, what.get("filter", {}))
            for index, aliases in told.items()
            if self.name in aliases["aliases"]
            for alias, what in aliases["aliases"].items()
            if alias.startswith(f"{self.name}.") and (match := _VERSION.search(alias))
        ]
        if not found:
            raise IndexMissing(self.name, said("the cluster has an index of this name that is none of ours"))
        return sorted(found, key=lambda one: -one.number)

    def current(self) -> Version:
        """Return the version that answers; raises ``IndexMissing``, also when another program wrote it."""
        version = self.all()[0]
        if self.build(version.build).stamp != stamp():
            raise IndexMissing(self.name, said("it was written by another version of the program or its dictionary"))
        return version

    def build(self, index: str) -> Build:
        """Return what a build was made with."""
        if index not in self._builds:
            told = self._connection.tried(lambda: self._connection.client.indices.get_mapping(index=index))
            meta = told[index]["mappings"]["_meta"]
            self._builds[index] = Build(index, Averages(**meta["averages"]), meta["stamp"])
        return self._builds[index]

    def last_number(self) -> int:
        """Return the number of the last commit, 0 before the first."""
        try:
            return self.all()[0].number
        except IndexMissing:
            return 0

    def size_bytes(self, version: Version) -> int:
        """Return how much room a version's build takes, without its copies."""
        told = self._connection.tried(
            lambda: self._connection.client.indices.stats(index=version.build, metric="store")
        )
        return int(told["indices"][version.build]["primaries"]["store"]["size_in_bytes"])

    # ── writing; the caller holds the lock, but for ``join`` ──

    @contextmanager
    def created(self, number: int, averages: Averages) -> Iterator[str]:
        """Make an empty build, which no reader sees; when the block fails, it is removed."""
        index = _BUILD.format(name=self.name, number=number, token=secrets.token_hex(4))
        try:
            self._create(index, averages)
            yield index
        except BaseException:
            self.remove(self._idle(index))  # published after all, though the answer was lost, it stays
            raise

    def join(self, number: int, parts: int, averages: Averages) -> str:
        """Make the build that so many processes write together, or give it if another has made it."""
        index = _SHARED_BUILD.format(name=self.name, number=number, parts=parts)
        self._create(index, averages)
        return index

    def _create(self, index: str, averages: Averages) -> None:
        cluster = self._connection.cluster
        meta = {"stamp": stamp(), "averages": {"title": averages.title, "body": averages.body}}
        body = body_of_index(cluster.shards, cluster.replicas, meta)
        body["settings"].update(MERGED_LATER)
        # A copy that is not there yet when the first one's node is lost does not count: wait until all are.
        told = self._connection.tried(self._connection.client.cluster.health)
        copies = min(1 + cluster.replicas, told["number_of_data_nodes"])
        params = {"wait_for_active_shards": str(copies)}
        client = self._connection.client
        try:
            self._connection.tried(lambda: client.indices.create(index=index, body=body, params=params))
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            # Made by another part, or by a request of ours whose answer was lost with its node.
            self._connection.tried(lambda: client.cluster.health(index=index, params=params))

    def publish(self, name: str, build: str, dead: Sequence[str] = ()) -> None:
        """Let a version of a build answer from now on; ``dead`` are the documents that it leaves out."""
        number = int(name.split("-", maxsplit=1)[0])
        leave_out: list[Body] = [{"ids": {"values": list(dead)}}] if dead else []
        seen = {"bool": {"filter": [{"range": {"born": {"lte": number}}}], "must_not": leave_out}}
        actions: list[Body] = [
            {"add": {"index": build, "alias": f"{self.name}.at-{name}", "filter": seen}},
            {"add": {"index": build, "alias": self.name, "filter": seen}},
        ]
        actions += [{"remove": {"index": other, "alias": self.name}} for other in self._others(build)]
        self._connection.tried(lambda: self._connection.client.indices.update_aliases(body={"actions": actions}))

    def _others(self, build: str) -> list[str]:
        try:
            told = self._connection.tried(lambda: self._connection.client.indices.get_alias(name=self.name))
        except NotFoundError:
            return []
        return [index for index in told if index != build]

    def drop(self, versions: Collection[Version]) -> None:
        """Let versions go; what reads them is told that they are gone."""
        actions = [{"remove": {"index": one.build, "alias": one.alias}} for one in versions]
        if actions:
            self._connection.tried(lambda: self._connection.client.indices.update_aliases(body={"actions": actions}))

    def sweep(self) -> None:
        """Remove builds that nobody answers from or reads, half-made ones among them."""
        number = self.last_number()
        idle = [index for index in self._idle(f"{self.name}.build-*") if not _is_being_shared(index, number)]
        if idle:
            read = self._being_read(idle)
            self.remove([index for index in idle if index not in read])

    def _idle(self, builds: str) -> list[str]:
        """Return those of some builds that do not answer."""
        told = self._connection.tried(
            lambda: self._connection.client.indices.get_alias(index=builds, params=_NONE_IS_FINE)
        )
        return [index for index, aliases in told.items() if self.name not in aliases["aliases"]]

    def remove(self, builds: Sequence[str]) -> None:
        """Remove builds; it is fine if they are gone."""
        if builds:
            names = ",".join(builds)
            self._connection.tried(lambda: self._connection.client.indices.delete(index=names, params=_NONE_IS_FINE))

    def remove_all(self) -> None:
        """Remove every build, the one that answers too."""
        told = self._connection.tried(
            lambda: self._connection.client.indices.get_alias(index=f"{self.name}.build-*", params=_NONE_IS_FINE)
        )
        self.remove(list(told))

    def _being_read(self, builds: Sequence[str]) -> set[str]:
        """Return which builds somebody walks through; he may end in peace."""
        stats: dict[str, Any] = self._connection.tried(
            lambda: self._connection.client.indices.stats(index=",".join(builds), metric="search", params=_NONE_IS_FINE)
        )["indices"]
        return {index for index, one in stats.items() if one["total"]["search"].get("point_in_time_current", 0) > 0}


def _is_being_shared(index: str, number: int) -> bool:
    """Return whether a build is written in parts and not yet outrun by another commit."""
    match = _SHARED.search(index)
    return match is not None and int(match[1]) > number


_AT_HAND: Final = {"local": "true"}  # any node knows, also while the nodes choose another manager
_NONE_IS_FINE: Final = {"ignore_unavailable": "true", "allow_no_indices": "true"}
