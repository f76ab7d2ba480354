"""Do what takes long with many announcements in several processes: cutting them is most of our share of a build.

The processes are started when there is enough to do, and kept for all that follows.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from indexer.errors import IndexUnwritable
from indexer.messages import said
from indexer.text.cut_alike import cutting_alike
from indexer.workers.ordered_map import OrderedMap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.skip_reasons import SkipReason

BATCH: Final = 250  # announcements that are cut at once
BATCH_SIZE: Final = 2_000_000  # and characters of them, or bytes; what is larger is cut alone
_ALONE: Final = 4  # batches; no more are done before processes have started

Item = TypeVar("Item")
Result = TypeVar("Result")


class Cutting:
    """Makes something of items, batch by batch, in so many processes or in this one."""

    def __init__(self, jobs: int) -> None:
        """Start nothing yet."""
        self._jobs = jobs
        self._workers: OrderedMap[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._workers:
            self._workers.__exit__(*error)

    def each(
        self, make: Callable[[list[Item]], list[Result]], items: Iterable[Item], size: Callable[[Item], int]
    ) -> Iterator[Result]:
        """Yield what is made of each item, in order; ``make`` takes a batch, ``size`` is how large an item is."""
        batches = _batches(items, size)
        head = list(islice(batches, _ALONE + 1)) if self._jobs > 1 else []
        if len(head) > _ALONE:
            tasks = ([partial(make, batch)] for batch in chain(head, batches))
            made: Iterable[list[Result]] = self._started().run(tasks)
        else:
            made = map(make, chain(head, batches))
        return chain.from_iterable(made)

    def _started(self) -> OrderedMap[Any, Any]:
        if not self._workers:
            self._workers = OrderedMap[Any, Any](_run, self._jobs, _died, cutting_alike(), forked=True)
            self._workers.__enter__()
        return self._workers


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) == BATCH or total >= BATCH_SIZE:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _run(task: Callable[[], list[Any]]) -> list[Any]:
    return task()


def _died(_: Any, reason: SkipReason) -> Any:
    raise IndexUnwritable("the cluster", said("a process that cut texts is gone: %(why)s", why=reason))
