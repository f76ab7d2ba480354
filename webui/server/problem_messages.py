"""What a wrong parameter should have been, and why a page was left out, in the reader's language.

Both have codes and are said by them; what fills their places was put there by whoever gave the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import get_locale, gettext

from webui.server.library_messages import in_chinese

if TYPE_CHECKING:
    from indexer.expectations import Expectation
    from indexer.skip_reasons import SkipReason


_SAID_BY_OTHERS = ("why", "given")  # values that a library or the system wrote


def N_(sentence: str) -> str:  # noqa: N802 - gettext's usual mark for "translate this, but later"
    """Mark a sentence for the translators."""
    return sentence


EXPECTED = {  # the phrases of indexer.expectations, marked for the translators
    "known-name": N_("no such parameter; there are %(names)s"),
    "no-parameter": N_("no parameter here"),
    "fewer-values": N_("at most %(count)s values"),
    "one-value": N_("one value, not several"),
    "fewer-words": N_("at most %(count)s words, quoted strings and numbers"),
    "shorter-query": N_("at most %(count)s characters, not %(given)s"),
    "shorter-value": N_("at most %(count)s characters"),
    "page-in-window": N_("at most %(last)s with per_page=%(size)s; a cursor leads further"),
    "printable": N_("text without control characters"),
    "names": N_("a name, or several with / between them"),
    "year-or-month": N_("a year or month such as %(examples)s"),
    "day": N_("a day, month or year such as %(examples)s"),
    "whole-day": N_("a day such as %(examples)s"),
    "moment": N_("a moment with its zone such as %(examples)s"),
    "day-not-before": N_("a day not before from=%(day)s"),
    "document-number": N_("a document number such as %(examples)s"),
    "number-to": N_("a whole number from 1 to %(count)s"),
    "number-from-1": N_("a whole number from 1"),
    "cursor": N_("the cursor of an earlier answer"),
    "cursor-of-search": N_("the cursor of an earlier answer to the same search"),
    "cursor-of-kept-index": N_("a cursor into an index that is still kept; start again without one"),
    "cursor-of-present-index": N_("a cursor into the present index; start again without one"),
    "an-id": N_("the id of an announcement"),
    "ids-to": N_("1 to %(count)s ids of announcements"),
    "one-of": N_("one of %(names)s"),
    "title": N_("title"),
    "share": N_("a share such as 2/3"),
}
REASONS = {  # the phrases of indexer.skip_reasons, likewise
    "no-such-file": N_("no such file or directory"),
    "permission-denied": N_("permission denied"),
    "unreadable": N_("%(why)s"),
    "other-kind": N_("not a kind of file that is read (%(names)s)"),
    "link-to-itself": N_("a link back to a folder that it lies in"),
    "no-file": N_("a pipe, socket or device, no file"),
    "link-outside": N_("a link to a place outside the folders that were given"),
    "no-known-kind": N_("no page, and no kind of file that is read (%(ending)s)"),
    "no-page-in-message": N_("a message or MHTML file without a page in it"),
    "damaged-web-archive": N_("a damaged web archive: %(why)s"),
    "large-file": N_("larger than %(size)s MiB"),
    "large-line": N_("a line larger than %(size)s MiB"),
    "unpacks-too-far": N_("unpacks to more than %(times)s times its size; not read further"),
    "deep-archive": N_("an archive in more than %(count)s others"),
    "many-members": N_("the archive holds more than %(count)s files"),
    "locked-in-archive": N_("locked with a password"),
    "damaged-in-archive": N_("damaged in the archive: %(why)s"),
    "empty-file": N_("the file is empty"),
    "binary": N_("binary data, not a page"),
    "many-characters": N_("too large to be one page (%(count)s characters)"),
    "much-markup": N_("too large to be one page (%(count)s characters of markup)"),
    "many-tags": N_("too large to be one page (%(count)s tags)"),
    "many-lines": N_("too large to be one page (%(count)s lines)"),
    "no-text": N_("no text on the page"),
    "nested-too-deeply": N_("nested too deeply"),
    "error-message": N_("no announcement: an error message"),
    "form-or-service": N_("no announcement: a form or a service"),
    "list": N_("no announcement: a list"),
    "links": N_("no announcement: a page of links"),
    "frame": N_("no announcement: a frame or a script's shell"),
    "names-and-links": N_("no announcement: names and links alone"),
    "not-utf-8": N_("not UTF-8 at byte %(place)s"),
    "not-json": N_("not JSON at character %(place)s: %(why)s"),
    "json-nested-too-deeply": N_("JSON nested too deeply"),
    "json-unreadable": N_("not JSON that can be read: %(why)s"),
    "no-object": N_("expected a JSON object, not %(given)s"),
    "no-title-no-body": N_("neither title nor body"),
    "password": N_("is protected by a password"),
    "damaged": N_("is damaged: %(why)s"),
    "lacks-part": N_("is damaged: it lacks %(name)s"),
    "no-body": N_("is damaged: it has no body"),
    "unfolds": N_("would unfold into more than %(size)s MiB"),
    "entities": N_("declares XML entities, as no proper file of its kind does"),
    "scan": N_("holds no text; if it is a scan, recognise its characters first"),
    "needs-ocr": N_("scanned, no text: pip install 'policy-search[ocr]', then update"),
    "web-page": N_("is a web page under the name %(ending)s; name it .html"),
    "no-known-file": N_("is no PDF, Word, Excel or OFD file, or is damaged at its very start"),
    "other-archive": N_("is a ZIP archive, but no Word, Excel or OFD file"),
    "much-text": N_("holds more than %(count)s characters of text"),
    "many-cells": N_("has more than %(count)s cells"),
    "no-word-document": N_("is no Word document, though it is packed like one"),
    "old-word": N_("is of Word 95 or older; save it as .docx"),
    "needs-extra": N_("needs the package %(name)s: pip install 'policy-search[%(extra)s]'"),
    "needs-package": N_("needs the package %(name)s: pip install 'policy-search[attachments]'"),
    "reader-failed": N_("our reader failed on it, please report it: %(why)s"),
    "much-time": N_("took more than %(seconds)s s of processor time"),
    "wall-time": N_("took more than %(seconds)s s"),
    "much-memory": N_("took more than %(size)s MiB of memory"),
    "died": N_("the process that read it died (%(how)s; out of memory?)"),
}


def advice(expected: Expectation) -> str:
    """Say what would have been right in the reader's language."""
    return str(gettext(EXPECTED[expected.code], **dict(expected.values)))


def reason(why: SkipReason) -> str:
    """Say why a page was skipped in the reader's language, with what the system or a library said of it."""
    values = dict(why.values)
    if str(get_locale()).startswith("zh"):
        values |= {name: in_chinese(values[name]) for name in _SAID_BY_OTHERS if name in values}
    return str(gettext(REASONS[why.code], **values))
