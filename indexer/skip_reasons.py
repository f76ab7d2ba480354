"""Why a page was left out: a code with values for programs and translators, a phrase for people.

A web page says it in the reader's language by its code. What a library or the system says stays as it says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.light_dataclass import dataclass
from indexer.messages import Sayable

if TYPE_CHECKING:
    from collections.abc import Callable

PHRASES: Final = {
    # The file
    "no-such-file": "no such file or directory",
    "permission-denied": "permission denied",
    "unreadable": "%(why)s",
    "other-kind": "not a kind of file that is read (%(names)s)",
    "link-to-itself": "a link back to a folder that it lies in",
    "no-file": "a pipe, socket or device, no file",
    "link-outside": "a link to a place outside the folders that were given",
    "no-known-kind": "no page, and no kind of file that is read (%(ending)s)",
    "no-page-in-message": "a message or MHTML file without a page in it",
    "damaged-web-archive": "a damaged web archive: %(why)s",
    "large-file": "larger than %(size)s MiB",
    "large-line": "a line larger than %(size)s MiB",
    "unpacks-too-far": "unpacks to more than %(times)s times its size; not read further",
    "deep-archive": "an archive in more than %(count)s others",
    "many-members": "the archive holds more than %(count)s files",
    "locked-in-archive": "locked with a password",
    "damaged-in-archive": "damaged in the archive: %(why)s",
    # The page
    "empty-file": "the file is empty",
    "binary": "binary data, not a page",
    "many-characters": "too large to be one page (%(count)s characters)",
    "much-markup": "too large to be one page (%(count)s characters of markup)",
    "many-tags": "too large to be one page (%(count)s tags)",
    "many-lines": "too large to be one page (%(count)s lines)",
    "no-text": "no text on the page",
    "nested-too-deeply": "nested too deeply",
    "error-message": "no announcement: an error message",
    "form-or-service": "no announcement: a form or a service",
    "list": "no announcement: a list",
    "links": "no announcement: a page of links",
    "frame": "no announcement: a frame or a script's shell",
    "names-and-links": "no announcement: names and links alone",
    # The record
    "not-utf-8": "not UTF-8 at byte %(place)s",
    "not-json": "not JSON at character %(place)s: %(why)s",
    "json-nested-too-deeply": "JSON nested too deeply",
    "json-unreadable": "not JSON that can be read: %(why)s",
    "no-object": "expected a JSON object, not %(given)s",
    "no-title-no-body": "neither title nor body",
    # The attachment
    "password": "is protected by a password",
    "damaged": "is damaged: %(why)s",
    "lacks-part": "is damaged: it lacks %(name)s",
    "no-body": "is damaged: it has no body",
    "unfolds": "would unfold into more than %(size)s MiB",
    "entities": "declares XML entities, as no proper file of its kind does",
    "scan": "holds no text; if it is a scan, recognise its characters first",
    "needs-ocr": "scanned, no text: pip install 'policy-search[ocr]', then update",
    "web-page": "is a web page under the name %(ending)s; name it .html",
    "no-known-file": "is no PDF, Word, Excel or OFD file, or is damaged at its very start",
    "other-archive": "is a ZIP archive, but no Word, Excel or OFD file",
    "much-text": "holds more than %(count)s characters of text",
    "many-cells": "has more than %(count)s cells",
    "no-word-document": "is no Word document, though it is packed like one",
    "old-word": "is of Word 95 or older; save it as .docx",
    "needs-extra": "needs the package %(name)s: pip install 'policy-search[%(extra)s]'",
    "needs-package": "needs the package %(name)s: pip install 'policy-search[attachments]'",
    # The reader
    "reader-failed": "our reader failed on it, please report it: %(why)s",
    "much-time": "took more than %(seconds)s s of processor time",
    "wall-time": "took more than %(seconds)s s",
    "much-memory": "took more than %(size)s MiB of memory",
    "died": "the process that read it died (%(how)s; out of memory?)",
}
NEEDS_PACKAGE: Final = frozenset(("needs-package", "needs-extra", "needs-ocr"))  # its name is a value
OF_THE_MOMENT: Final = frozenset(("wall-time", "died"))  # the machine's doing: another run may well read the page
NO_ANNOUNCEMENT: Final = frozenset(code for code, phrase in PHRASES.items() if phrase.startswith("no announcement: "))


@dataclass(frozen=True, slots=True)
class SkipReason(Sayable):
    """Why a page was left out."""

    code: str  # a key of PHRASES
    values: tuple[tuple[str, str], ...] = ()

    def said(self, text: Callable[[str], str]) -> str:
        """Return it in the language of a catalogue."""
        return text(PHRASES[self.code]) % dict(self.values)

    __str__ = Sayable.__str__


def because(code: str, **values: object) -> SkipReason:
    """Return a reason of ``PHRASES`` with its values."""
    return SkipReason(code, tuple((name, str(value)) for name, value in values.items()))
