"""Talk to the cluster: its client, which failures are tried again, and what the others mean to an operator."""

from __future__ import annotations

import logging
import os
import random
import time
from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as NoConnection

from indexer.errors import ClusterUnavailable
from indexer.messages import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from indexer.cluster_settings import Cluster

TIMEOUT_SECONDS: Final = 30.0
BUSY: Final = (429, 502, 503, 504)  # too many requests, or a node or shard that is not there just now
READING_SECONDS: Final = 5.0  # of trying again: long enough for a copy of a lost shard to step in
WRITING_SECONDS: Final = 40.0  # long enough for the nodes to choose another manager
FIRST_PAUSE_SECONDS: Final = 0.25  # doubles with each try
LONGEST_PAUSE_SECONDS: Final = 8.0

# What the client logs of a failed request we say ourselves, with what to do, once all tries have failed.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)

Body = dict[str, Any]
Answer = TypeVar("Answer")


class Patience:
    """How long it is worth while to try again."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._pause = FIRST_PAUSE_SECONDS

    def waited(self) -> bool:
        """Wait before the next try, longer each time and not all clients at once; False when it is time to give up."""
        seconds = self._pause * random.uniform(0.5, 1.0)  # noqa: S311
        if time.monotonic() + seconds > self._until:
            return False
        time.sleep(seconds)
        self._pause = min(LONGEST_PAUSE_SECONDS, self._pause * 2)
        return True


class Connection:
    """The cluster, as much of it as we use; safe to share between threads."""

    def __init__(self, cluster: Cluster, seconds: float | None = None) -> None:
        """Connect when first asked; what fails for a while is tried again for so many seconds."""
        self.cluster = cluster
        self._seconds = READING_SECONDS if seconds is None else seconds
        self.client = self._new_client()
        _CONNECTIONS.add(self)

    def renew(self) -> None:
        """Begin with connections of our own: a forked child that shares its parent's reads others' answers."""
        self.client = self._new_client()

    def _new_client(self) -> OpenSearch:
        options: dict[str, Any] = {"ca_certs": str(self.cluster.ca)} if self.cluster.ca else {}
        try:
            return OpenSearch(
                hosts=list(self.cluster.nodes),
                headers=_who_asks(self.cluster),
                verify_certs=True,
                timeout=TIMEOUT_SECONDS,
                max_retries=0,  # we pause between tries, and go on to the next node
                pool_maxsize=32,
                **options,
            )
        except (ImproperlyConfigured, OSError) as error:  # a certificate file that is not there or none
            raise ClusterUnavailable(self.nodes, str(error), _REACH) from error

    @property
    def nodes(self) -> str:
        """Return where the cluster is, for people."""
        return ", ".join(self.cluster.nodes)

    def patience(self) -> Patience:
        """Return what says how long to try again."""
        return Patience(self._seconds)

    def tried(self, request: Callable[[], Answer]) -> Answer:
        """Make a request that may be made twice; again, after a pause, while the cluster is busy or a node is gone.

        What a node said tells more in the end than that another was not there.
        """
        patience: Patience | None = None
        by_a_node: TransportError | None = None
        while True:
            try:
                return request()
            except TransportError as failure:
                # From the first failure on: that a node is gone may show only when a request to it times out.
                patience = patience or self.patience()
                if not isinstance(failure, NoConnection):
                    by_a_node = failure
                if _passes(failure) and patience.waited():
                    continue
                if by_a_node is None or by_a_node is failure:
                    raise
                raise by_a_node from failure

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raise a failure of the cluster in the block as ``ClusterUnavailable``, with what the operator can do."""
        try:
            yield
        except (AuthenticationException, AuthorizationException) as error:
            raise ClusterUnavailable(
                self.nodes, said("it refuses us: %(why)s", why=_reason(error)), _CREDENTIALS
            ) from error
        except NoConnection as error:
            raise ClusterUnavailable(self.nodes, _reason(error), _REACH) from error
        except TransportError as error:
            raise ClusterUnavailable(self.nodes, _reason(error), _HEALTH) from error
        except OpenSearchException as error:
            raise ClusterUnavailable(self.nodes, str(error), _REACH) from error

    # ── requests that we make in several places ──

    def search(self, index: str, body: Body) -> Body:
        """Search; never with a part of the shards left out."""
        answer: Body = self.tried(lambda: self.client.search(index=index, body=body, params=_WHOLE))
        return answer

    def refresh(self, index: str) -> None:
        """Let searches see what was written."""
        self.tried(lambda: self.client.indices.refresh(index=index))

    def flush(self, index: str) -> None:
        """Have what was written laid down for good: a node that starts again need not write it once more."""
        self.tried(lambda: self.client.indices.flush(index=index))

    def searches(self, index: str, bodies: Sequence[Body]) -> list[Body]:
        """Make several searches in one request, each over all shards."""
        if not bodies:
            return []
        lines = [line for body in bodies for line in ({"allow_partial_search_results": False}, body)]

        def request() -> list[Body]:
            answers: list[Body] = self.client.msearch(index=index, body=lines)["responses"]
            for answer in answers:
                if "error" in answer:
                    raise _failure_of(answer)
            return answers

        found: list[Body] = self.tried(request)
        return found

    def documents(self, index: str, names: Sequence[str], asked: Body) -> list[Body]:
        """Read documents by their names, in this order, without a search; raises ``NotFoundError`` if one is gone."""
        body = {"docs": [{"_id": name, **asked} for name in names]}

        def request() -> list[Body]:
            # Not in real time: what is read has been shown to searches, and no segment need be made for it.
            documents: list[Body] = self.client.mget(index=index, body=body, params={"realtime": "false"})["docs"]
            for one in documents:
                if "error" in one:  # its shard is not there just now
                    raise TransportError(BUSY[-1], str(one["error"].get("type", "")), one)
                if not one["found"]:
                    raise NotFoundError(404, "gone", one)
            return documents

        return self.tried(request)

    def counts(self, index: str, queries: Sequence[Body]) -> list[int]:
        """Count what each query finds, exactly."""
        bodies = [{"query": query, "size": 0, "track_total_hits": True} for query in queries]
        return [int(answer["hits"]["total"]["value"]) for answer in self.searches(index, bodies)]


_CONNECTIONS: Final[WeakSet[Connection]] = WeakSet()


def _renew_all() -> None:
    for connection in [*_CONNECTIONS]:
        connection.renew()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_renew_all)  # ``serve`` forks its workers after the first search

_WHOLE: Final = {"allow_partial_search_results": "false"}
_REACH: Final = said("Check POLICY_SEARCH_URL, the network and the certificates, and that the nodes are running")
_CREDENTIALS: Final = said(
    "Check POLICY_SEARCH_USER and POLICY_SEARCH_PASSWORD, or POLICY_SEARCH_API_KEY, and their rights"
)
_HEALTH: Final = said("Look at GET /_cluster/health; when its status is no longer red, ask again")


def _who_asks(cluster: Cluster) -> dict[str, str]:
    """Return the header that says who asks; in UTF-8, as the cluster reads it and its client does not write it."""
    if cluster.api_key:
        return {"Authorization": f"ApiKey {cluster.api_key}"}
    if not cluster.user:
        return {}
    told = b64encode(f"{cluster.user}:{cluster.password}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


def _passes(failure: TransportError) -> bool:
    """Return whether a failure may pass by itself."""
    lost_shard = failure.status_code == 500 and failure.error == "search_phase_execution_exception"
    return isinstance(failure, NoConnection) or failure.status_code in BUSY or lost_shard


def _failure_of(answer: Body) -> TransportError:
    status = int(answer["status"])
    kind = NotFoundError if status == 404 else TransportError
    return kind(status, str(answer["error"].get("type", "")), answer)


def _reason(error: TransportError) -> str:
    """Return what the cluster said, in one line and without what was asked."""
    kind = str(error.error).splitlines()[0][:200] if error.error else type(error).__name__
    return kind if isinstance(error, NoConnection) else f"{error.status_code} {kind}"
