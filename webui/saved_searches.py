"""The searches that people who sign in have saved: a file a user, whole at every moment.

A file has the form that ``policy-search notify`` reads, ``name: parameters`` a line; the line before says up to which
arrival its owner has seen it. Nothing of this lies in the index, which is only read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.announcement import moment, read_moment
from indexer.errors import InputError, OperatorError, PathUnwritable
from indexer.exporting.whole_file import alone, whole_file
from indexer.light_dataclass import dataclass
from indexer.messages import of_system, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from indexer.messages import Words

MOST_SAVED: Final = 100  # of one user; each is a search when the list is shown
MAX_NAME_CHARS: Final = 60
MAX_ASKED_CHARS: Final = 8_000  # of the parameters as an address writes them
_SEEN: Final = "# seen up to "
_PLAIN_NAME: Final = re.compile(r"[a-z0-9_-]{1,60}")  # a user's name that is a file's name on every file system


class SavedSearchRefused(InputError):
    """A search cannot be saved as it is given; ``code`` says why."""

    def __init__(self, code: str, told: Words) -> None:
        super().__init__(told)
        self.code = code


class SavedSearchesUnreadable(OperatorError):
    """The file of a user's searches cannot be read."""

    def __init__(self, path: Path, why: Words) -> None:
        super().__init__(said("Cannot read the saved searches in %(path)s: %(why)s", path=str(path), why=why))


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved search."""

    name: str  # once among its owner's
    asked: str  # its parameters as an address writes them
    seen: int = 0  # the last arrival in the index, in seconds since 1970, that its owner has seen


class SavedSearches:
    """Every user's searches in one folder, made when the first is saved; processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, user: str) -> tuple[Saved, ...]:
        """Return a user's searches in the order of saving; raises ``SavedSearchesUnreadable``."""
        path = self._file(user)
        try:
            lines = path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            why = of_system(error) if isinstance(error, OSError) else said("it is not UTF-8")
            raise SavedSearchesUnreadable(path, why) from error
        found, seen = [], 0
        for line in lines:
            name, colon, asked = line.partition(":")
            if line.startswith(_SEEN):
                seen = read_moment(line.removeprefix(_SEEN).strip())
            elif colon and not line.startswith("#"):
                found.append(Saved(name.strip(), asked.strip().rpartition("?")[2], seen))
                seen = 0
        return tuple(found[:MOST_SAVED])

    def stamp(self, user: str) -> str:
        """Return what changes whenever a user's searches do."""
        try:
            held = self._file(user).stat()
        except OSError:
            return ""
        return f"{held.st_ino}-{held.st_mtime_ns}-{held.st_size}"

    def save(self, user: str, name: str, asked: str, seen: int) -> None:
        """Save a search, in place of one of the same name; raises ``SavedSearchRefused``, ``PathUnwritable``."""
        new = Saved(tidy_name(name), asked, seen)
        if not new.name or new.name.startswith("#"):
            raise SavedSearchRefused("name", said("A search needs a name, which does not begin with #"))
        if len(asked) > MAX_ASKED_CHARS:
            raise SavedSearchRefused("long", said("This search is too long to be saved"))

        def add(held: tuple[Saved, ...]) -> tuple[Saved, ...]:
            if any(one.name == new.name for one in held):
                return tuple(new if one.name == new.name else one for one in held)
            if len(held) >= MOST_SAVED:
                raise SavedSearchRefused("full", said("As many searches as can be are saved already"))
            return (*held, new)

        self._change(user, add)

    def delete(self, user: str, name: str) -> None:
        """Forget a search; nothing happens if there is none of this name."""
        self._change(user, lambda held: tuple(one for one in held if one.name != name))

    def look(self, user: str, seen: int, *names: str) -> None:
        """Note that a user has seen what had arrived until then, of these searches."""

        def note(held: tuple[Saved, ...]) -> tuple[Saved, ...]:
            return tuple(replace(one, seen=max(one.seen, seen)) if one.name in names else one for one in held)

        self._change(user, note)

    def _change(self, user: str, change: Callable[[tuple[Saved, ...]], tuple[Saved, ...]]) -> None:
        path = self._file(user)
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise PathUnwritable(path, of_system(error)) from error
        with alone(self._folder / ".lock"):
            changed = change(self.of(user))
            if not changed:
                path.unlink(missing_ok=True)
                return
            lines = [f"# saved by {tidy_name(user)}", *(f"{_seen(one)}{one.name}: {one.asked}" for one in changed)]
            with whole_file(path) as place:
                place.touch(mode=0o600)
                place.write_text("\n".join(lines) + "\n", "utf-8")

    def _file(self, user: str) -> Path:
        """Return the place of a user's file; a name that could be none on some file system is told by its digest."""
        if _PLAIN_NAME.fullmatch(user):
            return self._folder / f"{user}.txt"
        return self._folder / f"+{hashlib.blake2b(user.encode(), digest_size=8).hexdigest()}.txt"


def tidy_name(name: str) -> str:
    """Return a name as one line of the file can hold it: no colon, no line end, not too long."""
    shown = "".join(letter for letter in " ".join(name.split()) if letter.isprintable())
    return shown.replace(":", "：")[:MAX_NAME_CHARS].strip()


def _seen(one: Saved) -> str:
    return f"{_SEEN}{moment(one.seen)}\n" if one.seen else ""
