"""What can go wrong, split by who can mend it.

``InputError`` is the asker's to mend (HTTP 400 or 404, exit status 2), ``OperatorError`` the
operator's (HTTP 503, exit status 1). The status codes belong to the web and command-line layers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from indexer.light_dataclass import dataclass
from indexer.messages import Listed, Said, Sayable, Words, said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from indexer.expectations import Expectation
    from indexer.skip_reasons import SkipReason


class PolicySearchError(Exception):
    """Any failure that we can explain to a person: what is wrong, where, and what to do."""

    @property
    def told(self) -> Words:
        """Return what it says, to be said in a language; ``str`` says it in English."""
        told: Words = self.args[0] if self.args else ""
        return told


class InputError(PolicySearchError):
    """What was asked cannot be answered as asked; asking differently helps."""


class OperatorError(PolicySearchError):
    """The installation cannot answer until its operator acts."""


@dataclass(frozen=True, slots=True)
class Problem(Sayable):
    """One wrong parameter of a request."""

    name: str
    value: str
    expected: Expectation  # what would be right

    def said(self, text: Callable[[str], str]) -> str:
        """Return it in one line."""
        line = said(
            "%(name)s=%(value)s: expected %(expected)s",
            name=self.name,
            value=repr(self.value),
            expected=self.expected,
        )
        return line.said(text)

    __str__ = Sayable.__str__


class ParameterError(InputError):
    """One or more parameters are unknown or wrong; all are reported together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(Listed(self.problems, "; "))


_NAMES_SHOWN = 10  # clauses that a name may mean


class AnnouncementNotFound(InputError):
    """No announcement in the index has this id."""

    def __init__(self, announcement_id: str) -> None:
        self.announcement_id = announcement_id
        super().__init__(said("No announcement has the id %(id)s", id=repr(announcement_id)))


class OriginalUnavailable(InputError):
    """The saved file behind an announcement cannot be shown."""

    WHY: ClassVar[dict[str, str]] = {
        "unknown": "the index does not know where it lies",
        "gone": "it is not there any more",
        "changed": "something else stands there now",
        "link": "a link leads there, and links are not followed",
        "no-file": "it is not a regular file",
        "large": "it is larger than what is read",
        "far": "it stands too far down in a large file",
        "damaged": "it cannot be read",
        "elsewhere": "it does not lie beside its page",
    }

    def __init__(self, code: str) -> None:
        self.code = code  # a key of ``WHY``
        super().__init__(f"The saved file cannot be shown: {self.WHY[code]}")


class ClauseNotFound(InputError):
    """No clause of an announcement has this name, or several may be meant by it."""

    def __init__(self, announcement_id: str, name: str, meant: Sequence[str] = ()) -> None:
        self.announcement_id, self.name, self.meant = announcement_id, name, tuple(meant[:_NAMES_SHOWN])
        several = said(
            "%(name)s may be %(meant)s of %(id)s: name one of them",
            name=repr(name),
            meant=Listed(self.meant, ", "),
            id=announcement_id,
        )
        none = said("No clause of %(id)s is named %(name)s", id=announcement_id, name=repr(name))
        super().__init__(several if meant else none)


class PathUnreadable(InputError):
    """A path given on the command line does not exist or cannot be opened."""

    def __init__(self, path: Path | str, why: Words) -> None:
        super().__init__(said("Cannot read %(path)s: %(why)s", path=str(path), why=why))


class RootUnknown(InputError):
    """A path was named that the index was not made from."""

    def __init__(self, path: Path | str, known: Sequence[str]) -> None:
        places: Words = Listed(tuple(known), ", ") if known else said("nothing that it knows")
        super().__init__(
            said("The index was not made from %(path)s, but from: %(known)s", path=str(path), known=places)
        )


class PathUnwritable(InputError):
    """A file that the command was to write cannot be written."""

    def __init__(self, path: Path | str, why: Words) -> None:
        super().__init__(said("Cannot write %(path)s: %(why)s", path=str(path), why=why))


class PageUnreadable(InputError):
    """A page holds nothing that can be indexed; the rebuild skips it with this reason."""

    def __init__(self, why: SkipReason) -> None:
        self.why = why
        super().__init__(why)


class SettingWrong(OperatorError):
    """An environment variable of ours has a value that cannot be used."""

    def __init__(self, name: str, value: str, why: Words) -> None:
        super().__init__(said("%(name)s=%(value)s: %(why)s", name=name, value=value, why=why))


class IndexMissing(OperatorError):
    """There is no usable index at this place."""

    cure: ClassVar[str] = "policy-search rebuild"

    def __init__(self, place: Path | str, why: Words) -> None:
        self.what = said("No usable index in %(place)s (%(why)s).", place=str(place), why=why)
        super().__init__(said("%(what)s Run: %(command)s", what=self.what, command=self.cure))


class IndexLocked(OperatorError):
    """Another process is writing this index."""

    def __init__(self, place: Path | str, holder: Words) -> None:
        super().__init__(
            said(
                "The index in %(place)s is being written by %(holder)s. Wait for it to end, then try again",
                place=str(place),
                holder=holder,
            )
        )


class IndexUnwritable(OperatorError):
    """The index could not be written; the old one is untouched."""

    def __init__(self, place: Path | str, why: Words) -> None:
        super().__init__(
            said("Cannot write the index in %(place)s: %(why)s. The old index is untouched", place=str(place), why=why)
        )


class PlaceTaken(InputError):
    """An index was to be made where something else lies."""

    def __init__(self, place: Path | str, why: Words) -> None:
        super().__init__(
            said(
                "%(place)s is no index of policy-search, and %(why)s: nothing was touched. "
                "Name an empty or a new folder with --index",
                place=str(place),
                why=why,
            )
        )


class SystemUnfit(OperatorError):
    """What was asked needs something that this operating system does not have."""

    def __init__(self, what: Words, needs: Words) -> None:
        super().__init__(
            said(
                "%(what)s needs %(needs)s; on Windows run policy-search in WSL, or keep the index on a cluster",
                what=what,
                needs=needs,
            )
        )


class IndexUnflushed(OperatorError):
    """The new index answers, but the disk would not confirm that it has it."""

    def __init__(self, place: Path | str, why: Words) -> None:
        super().__init__(
            said(
                "The new index in %(place)s answers, but the disk did not confirm it (%(why)s): "
                "after a power cut it may be the old one. Run the command again",
                place=str(place),
                why=why,
            )
        )


class IndexUnsafe(OperatorError):
    """Others could have written into the index, whose files are trusted when they are read."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(
            said(
                "Others can write to %(place)s, and an index holds what is run when it is opened. "
                "If you trust what is in it: chmod -R go-w %(place)s",
                place=str(place),
            )
        )


class NoTemporaryRoom(OperatorError):
    """What a rebuild reads has to be kept for a moment, and there is no room for it."""

    def __init__(self, place: Path | str, why: Words) -> None:
        super().__init__(
            said(
                "Cannot keep what was read in %(place)s: %(why)s. The index is as it was. "
                "Make room, or name another folder in TMPDIR",
                place=str(place),
                why=why,
            )
        )


class OutOfMemory(OperatorError):
    """This machine, or the limit that is set for us, has too little memory."""

    def __init__(self) -> None:
        super().__init__(
            said(
                "There is too little memory for this, or a limit is set (ulimit -v); a search takes about 200 MB. "
                "An index that was there is as it was"
            )
        )


class WorkersUnavailable(OperatorError):
    """The machine lets us start no further process; pages are read in processes of their own."""

    def __init__(self, why: Words) -> None:
        super().__init__(
            said(
                "No worker process can be started (%(why)s). The index is as it was. "
                "Free memory or raise the limits (ulimit -u, ulimit -v), then run the command again",
                why=why,
            )
        )


_REASONS_SHOWN = 5


class NothingToIndex(InputError):
    """The given paths hold no announcement: an empty index is hardly what was meant."""

    def __init__(self, places: Sequence[Path], skipped: Sequence[tuple[str, Words]] = ()) -> None:
        """``skipped``: the path of each page that was there but could not be read, and why."""
        if not places:  # the last root was to go
            super().__init__(said("Nothing would be left in the index; it is as it was."))
            return
        where = ", ".join(map(str, places))
        hint: Words = said("Is this the right folder?")
        if skipped:
            lines: list[Words] = [said("Skipped:")]
            lines += [Said("  %(path)s: %(why)s", {"path": path, "why": why}) for path, why in skipped[:_REASONS_SHOWN]]
            if len(skipped) > _REASONS_SHOWN:
                lines.append(said("  and %(count)s more", count=f"{len(skipped) - _REASONS_SHOWN:,}"))
            hint = Listed(tuple(lines), "\n")
        super().__init__(
            said("No announcement was found in %(where)s; the index is as it was. %(hint)s", where=where, hint=hint)
        )


class ClusterUnavailable(OperatorError):
    """The search cluster cannot be reached, refuses us, or lacks a part of the index."""

    def __init__(self, nodes: str, why: Words, cure: Words) -> None:
        self.why = why
        super().__init__(
            said("The search cluster at %(nodes)s cannot answer (%(why)s). %(cure)s", nodes=nodes, why=why, cure=cure)
        )


class PartsNeedCluster(InputError):
    """A rebuild in parts was asked of the embedded engine, which one process writes."""

    def __init__(self) -> None:
        super().__init__(
            said("--part is for an index on a cluster: set POLICY_SEARCH_ENGINE=opensearch, or rebuild without it")
        )


class PackageMissing(OperatorError):
    """What was asked needs an extra that is not installed."""

    def __init__(self, what: Words, package: str, extra: str = "") -> None:
        """``extra``: of ours, that brings the package; "" if none does."""
        install = f'"policy-search[{extra}]"' if extra else package
        super().__init__(
            said(
                "%(what)s needs the package %(package)s: pip install %(install)s",
                what=what,
                package=package,
                install=install,
            )
        )


class ConfigWrong(InputError):
    """The operator's file of choices cannot be used as it is."""

    def __init__(self, file: Path, why: Words) -> None:
        super().__init__(said("%(path)s: %(why)s", path=str(file), why=why))
