"""What can go wrong, split by who can mend it.

``InputError`` is the asker's to mend (HTTP 400 or 404, exit status 2), ``OperatorError`` the
operator's (HTTP 503, exit status 1). The status codes belong to the web and command-line layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.expectations import Expectation
    from indexer.skip_reasons import SkipReason


class PolicySearchError(Exception):
    """Any failure that we can explain to a person: what is wrong, where, and what to do."""


class InputError(PolicySearchError):
    """What was asked cannot be answered as asked; asking differently helps."""


class OperatorError(PolicySearchError):
    """The installation cannot answer until its operator acts."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong parameter of a request."""

    name: str
    value: str
    expected: Expectation  # what would be right

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.name}={self.value!r}: expected {self.expected}"


class ParameterError(InputError):
    """One or more parameters are unknown or wrong; all are reported together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


_NAMES_SHOWN = 10  # clauses that a name may mean


class AnnouncementNotFound(InputError):
    """No announcement in the index has this id."""

    def __init__(self, announcement_id: str) -> None:
        self.announcement_id = announcement_id
        super().__init__(f"No announcement has the id {announcement_id!r}")


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
        several = f"{name!r} may be {', '.join(meant[:_NAMES_SHOWN])} of {announcement_id}: name one of them"
        super().__init__(several if meant else f"No clause of {announcement_id} is named {name!r}")


class PathUnreadable(InputError):
    """A path given on the command line does not exist or cannot be opened."""

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(f"Cannot read {path}: {why}")


class RootUnknown(InputError):
    """A path was named that the index was not made from."""

    def __init__(self, path: Path | str, known: Sequence[str]) -> None:
        super().__init__(f"The index was not made from {path}, but from: {', '.join(known) or 'nothing that it knows'}")


class PathUnwritable(InputError):
    """A file that the command was to write cannot be written."""

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(f"Cannot write {path}: {why}")


class PageUnreadable(InputError):
    """A page holds nothing that can be indexed; the rebuild skips it with this reason."""

    def __init__(self, why: SkipReason) -> None:
        self.why = why
        super().__init__(why)


class SettingWrong(OperatorError):
    """An environment variable of ours has a value that cannot be used."""

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name}={value}: {why}")


class IndexMissing(OperatorError):
    """There is no usable index at this place."""

    def __init__(self, place: Path | str, why: str) -> None:
        super().__init__(f"No usable index in {place} ({why}). Run: policy-search rebuild")


class IndexLocked(OperatorError):
    """Another process is writing this index."""

    def __init__(self, place: Path | str, holder: str) -> None:
        super().__init__(f"The index in {place} is being written by {holder}. Wait for it to end, then try again")


class IndexUnwritable(OperatorError):
    """The index could not be written; the old one is untouched."""

    def __init__(self, place: Path | str, why: str) -> None:
        super().__init__(f"Cannot write the index in {place}: {why}. The old index is untouched")


class PlaceTaken(InputError):
    """An index was to be made where something else lies."""

    def __init__(self, place: Path | str, why: str) -> None:
        super().__init__(
            f"{place} is no index of policy-search, and {why}: nothing was touched. "
            "Name an empty or a new folder with --index"
        )


class SystemUnfit(OperatorError):
    """What was asked needs something that this operating system does not have."""

    def __init__(self, what: str, needs: str) -> None:
        super().__init__(f"{what} needs {needs}; on Windows run policy-search in WSL, or keep the index on a cluster")


class IndexUnflushed(OperatorError):
    """The new index answers, but the disk would not confirm that it has it."""

    def __init__(self, place: Path | str, why: str) -> None:
        super().__init__(
            f"The new index in {place} answers, but the disk did not confirm it ({why}): "
            "after a power cut it may be the old one. Run the command again"
        )


class IndexUnsafe(OperatorError):
    """Others could have written into the index, whose files are trusted when they are read."""

    def __init__(self, place: Path | str) -> None:
        super().__init__(
            f"Others can write to {place}, and an index holds what is run when it is opened. "
            f"If you trust what is in it: chmod -R go-w {place}"
        )


class NoTemporaryRoom(OperatorError):
    """What a rebuild reads has to be kept for a moment, and there is no room for it."""

    def __init__(self, place: Path | str, why: str) -> None:
        super().__init__(
            f"Cannot keep what was read in {place}: {why}. The index is as it was. "
            "Make room, or name another folder in TMPDIR"
        )


class OutOfMemory(OperatorError):
    """This machine, or the limit that is set for us, has too little memory."""

    def __init__(self) -> None:
        super().__init__(
            "There is too little memory for this, or a limit is set (ulimit -v); a search takes about 200 MB. "
            "An index that was there is as it was"
        )


class WorkersUnavailable(OperatorError):
    """The machine lets us start no further process; pages are read in processes of their own."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"No worker process can be started ({why}). The index is as it was. "
            "Free memory or raise the limits (ulimit -u, ulimit -v), then run the command again"
        )


_REASONS_SHOWN = 5


class NothingToIndex(InputError):
    """The given paths hold no announcement: an empty index is hardly what was meant."""

    def __init__(self, places: Sequence[Path], skipped: Sequence[tuple[str, str]] = ()) -> None:
        """``skipped``: the path of each page that was there but could not be read, and why."""
        where = ", ".join(map(str, places))
        hint = "Is this the right folder?"
        if skipped:
            shown = "".join(f"\n  {path}: {reason}" for path, reason in skipped[:_REASONS_SHOWN])
            more = f"\n  and {len(skipped) - _REASONS_SHOWN:,} more" if len(skipped) > _REASONS_SHOWN else ""
            hint = f"Skipped:{shown}{more}"
        super().__init__(f"No announcement was found in {where}; the index is as it was. {hint}")


class ClusterUnavailable(OperatorError):
    """The search cluster cannot be reached, refuses us, or lacks a part of the index."""

    def __init__(self, nodes: str, why: str, cure: str) -> None:
        self.why = why
        super().__init__(f"The search cluster at {nodes} cannot answer ({why}). {cure}")


class PartsNeedCluster(InputError):
    """A rebuild in parts was asked of the embedded engine, which one process writes."""

    def __init__(self) -> None:
        super().__init__(
            "--part is for an index on a cluster: set POLICY_SEARCH_ENGINE=opensearch, or rebuild without it"
        )


class PackageMissing(OperatorError):
    """What was asked needs an extra that is not installed."""

    def __init__(self, what: str, package: str, extra: str = "") -> None:
        """``extra``: of ours, that brings the package; "" if none does."""
        install = f'"policy-search[{extra}]"' if extra else package
        super().__init__(f"{what} needs the package {package}: pip install {install}")


class ConfigWrong(InputError):
    """The operator's file of choices cannot be used as it is."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file}: {why}")
