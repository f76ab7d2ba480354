"""What is said to people: a sentence in English, which is also its key in the catalogues of translations, and values.

``str`` of one is English, as logs and programs get it; who speaks to people gives ``said`` a catalogue.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CATALOGS: Final = Path(__file__).parent / "translations"
SYSTEM: Final = {  # the commonest of what the system says of files and addresses
    errno.ENOENT: "No such file or directory",
    errno.EACCES: "Permission denied",
    errno.EPERM: "Operation not permitted",
    errno.EISDIR: "Is a directory",
    errno.ENOTDIR: "Not a directory",
    errno.EEXIST: "File exists",
    errno.ENOSPC: "No space left on device",
    errno.EDQUOT: "Disk quota exceeded",
    errno.EROFS: "Read-only file system",
    errno.EIO: "Input/output error",
    errno.ENAMETOOLONG: "File name too long",
    errno.EMFILE: "Too many open files",
    errno.ENOMEM: "Cannot allocate memory",
    errno.EAGAIN: "Resource temporarily unavailable",
    errno.EADDRINUSE: "Address already in use",
    errno.EADDRNOTAVAIL: "Cannot assign requested address",
}


class Sayable:
    """What can be said in a language."""

    __slots__ = ()

    def said(self, text: Callable[[str], str]) -> str:
        """Return it in the language of a catalogue; ``text`` looks up one template."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Say it in English."""
        return self.said(str)


Words = str | Sayable  # a plain text is a name, a path, or what others said: it stays as it is


def in_words(told: Words, text: Callable[[str], str]) -> str:
    """Return what is told in the language of a catalogue."""
    return told if isinstance(told, str) else told.said(text)


@dataclass(frozen=True, slots=True)
class Said(Sayable):
    """A sentence, or a part of one."""

    template: str  # English, with %(name)s for each value
    values: Mapping[str, Words]

    def said(self, text: Callable[[str], str]) -> str:
        """Return it with each value in its place."""
        template = text(self.template)
        return (
            template % {name: in_words(value, text) for name, value in self.values.items()} if self.values else template
        )

    __str__ = Sayable.__str__


@dataclass(frozen=True, slots=True)
class Listed(Sayable):
    """Several parts in a row."""

    parts: tuple[Words, ...]
    between: str  # ", " or "; ", a key of the catalogues too

    def said(self, text: Callable[[str], str]) -> str:
        """Return them in their order."""
        return text(self.between).join(in_words(part, text) for part in self.parts)

    __str__ = Sayable.__str__


def said(template: str, **values: Words) -> Said:
    """Return a sentence; templates are written here as they are, so that translators find them."""
    return Said(template, values)


def of_system(error: OSError) -> Words:
    """Return what the system says went wrong."""
    known = SYSTEM.get(error.errno or 0)
    return Said(known, {}) if known else error.strerror or str(error)
