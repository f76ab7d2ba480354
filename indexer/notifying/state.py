"""What has been sent of each search, in a file that is whole at every moment.

An announcement counts as sent by its id, and by what names it to a reader: so one whose page has moved, and has another
id since, is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from indexer.errors import OperatorError
from indexer.exporting.whole_file import alone, whole_file
from indexer.messages import Words, said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from indexer.answers.results import Hit

_FORMAT: Final = 1


class StateUnreadable(OperatorError):
    """The file that says what has been sent cannot be read."""

    def __init__(self, path: Path, why: Words) -> None:
        super().__init__(
            said(
                "Cannot read what has been sent from %(path)s: %(why)s. "
                "Put a copy of it back; without it all that is there now counts as sent",
                path=str(path),
                why=why,
            )
        )


def alone_with(path: Path) -> AbstractContextManager[None]:
    """Let one run at a time read and write this file: another waits, and sends nothing that this one has sent."""
    return alone(path.with_name(f".{path.name}.lock"))


class Sent:
    """What has been sent of each search."""

    def __init__(self, path: Path) -> None:
        """Read the file; a search that it does not know is new."""
        self._path = path
        self._known: dict[str, set[str]] = {}
        if not path.exists():
            return
        try:
            told = json.loads(path.read_text("utf-8"))
            if told["format"] != _FORMAT:
                raise StateUnreadable(
                    path, said("its format is %(format)s, not %(ours)s", format=str(told["format"]), ours=str(_FORMAT))
                )
            self._known = {name: set(keys) for name, keys in told["sent"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateUnreadable(path, str(error)) from error

    def knows(self, search: str) -> bool:
        """Return whether a search was looked at before."""
        return search in self._known

    def new(self, search: str, hits: Iterable[Hit]) -> list[Hit]:
        """Return the hits that were not sent, in their order."""
        known = self._known.get(search, set())
        return [hit for hit in hits if not known.intersection(_keys(hit))]

    def add(self, search: str, hits: Iterable[Hit]) -> None:
        """Note hits as sent, and write the file; raises ``PathUnwritable``."""
        self._known.setdefault(search, set()).update(key for hit in hits for key in _keys(hit))
        self._write()

    def keep(self, searches: Iterable[str]) -> None:
        """Forget searches that are there no more."""
        kept = {name: self._known[name] for name in searches if name in self._known}
        if kept.keys() != self._known.keys():
            self._known = kept
            self._write()

    def _write(self) -> None:
        told = {"format": _FORMAT, "sent": {name: sorted(keys) for name, keys in sorted(self._known.items())}}
        with whole_file(self._path) as place:
            place.write_text(json.dumps(told, ensure_ascii=True), "utf-8")


def _keys(hit: Hit) -> tuple[str, str]:
    named = json.dumps((hit.title, hit.source, str(hit.published), hit.number, hit.url))
    return f"i{hit.id}", "n" + hashlib.blake2b(named.encode("utf-8", "replace"), digest_size=8).hexdigest()
