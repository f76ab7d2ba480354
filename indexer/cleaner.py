"""What on this page is the announcement? The only way into ``indexer.cleaning`` from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.announcement import Announcement, Page, page_id
from indexer.cleaning import fields
from indexer.cleaning.attachments import attachment_lines, find_attachments
from indexer.cleaning.body import Cut, find_body, judge
from indexer.cleaning.dom import parse
from indexer.cleaning.encoding import Decoded, decode_with_reason
from indexer.cleaning.labels import Labelled, read_labels
from indexer.cleaning.textsave import read_text
from indexer.cleaning.title import choose_title, known_titles
from indexer.errors import PageUnreadable
from indexer.form import form_of_title

if TYPE_CHECKING:
    from datetime import date

    from indexer.cleaning.body import Body
    from indexer.cleaning.document import Document


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What a field became, and the rule that gave it."""

    field: str
    value: str
    rule: str  # "" if nothing gave it a value


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a page was read."""

    announcement: Announcement
    fields: tuple[FieldNote, ...]
    cut: tuple[Cut, ...]  # lines left out of the body, in the page's order, each with its reason
    encoding: str
    encoding_rule: str
    replaced_characters: int


def clean(page: Page) -> Announcement:
    """Read a page; raises ``PageUnreadable`` with the reason when it holds no announcement."""
    return explain(page).announcement


def explain(page: Page) -> Explanation:
    """Read a page and say how; raises ``PageUnreadable`` like ``clean``."""
    decoded = _decode(page)
    document = read_text(decoded.text) if page.kind == "text" else parse(decoded.text)
    return _Reading(page, decoded, document).explanation()


def _decode(page: Page) -> Decoded:
    if not page.content.strip():
        raise PageUnreadable("the file is empty")
    decoded = decode_with_reason(page.content)
    odd = sum(decoded.text.count(mark) for mark in "\x00\x01\x02\x03\x04\x05\x06\x07\ufffd")
    if odd > 0.1 * len(decoded.text):
        raise PageUnreadable("binary data, not a page")
    return decoded


class _Reading:
    """One page on its way to an announcement."""

    def __init__(self, page: Page, decoded: Decoded, document: Document) -> None:
        self.page, self.decoded, self.document = page, decoded, document
        self.known = known_titles(document)
        self.body = self._find_body()
        self.labels = self._labels_outside_body()

    def _find_body(self) -> Body:
        body = find_body(self.document, judge(self.document, self.known))
        hidden = sum(len(line.text) for line in self.document.lines if line.hidden)
        if hidden > 5 * sum(len(self.document.lines[at].text) for at in body.kept):
            shown = find_body(self.document, judge(self.document, self.known, with_hidden=True))
            return shown if shown.kept else body
        return body

    def _labels_outside_body(self) -> list[Labelled]:
        kept = set(self.body.kept)
        labels = [one for one in read_labels(self.document.lines) if one.line not in kept]
        return sorted(labels, key=lambda one: one.line > self.body.first)

    def explanation(self) -> Explanation:
        """Settle every field."""
        document, body, labels = self.document, self.body, self.labels
        lines = [document.lines[at].text for at in body.kept]
        title = choose_title(document, labels, self.known, body.first)
        near = self._near_title()
        url = fields.choose_url(document)
        attachments = find_attachments(document, *self._attachment_range(), url.value)
        text = "\n".join(lines) or attachment_lines(attachments)
        if not text and not title.value:
            raise PageUnreadable("no text")
        source = fields.choose_source(labels, near, document, "")
        published = fields.choose_published(labels, near, document)
        signed, effective = fields.choose_day(labels, "signed"), fields.choose_day(labels, "effective")
        number = fields.choose_number(labels, title.value, lines)
        index_number = fields.choose_index_number(labels)
        announcement = Announcement(
            id=page_id(self.page.path),
            title=title.value,
            body=text,
            source=source.value,
            published=published.value,
            signed=signed.value,
            effective=effective.value,
            number=number.value,
            index_number=index_number.value,
            form=form_of_title(title.value),
            url=url.value,
            path=self.page.path,
            attachments=attachments,
            replaced_characters=self.decoded.replaced,
        )
        notes = (
            FieldNote("title", title.value, title.rule),
            FieldNote("source", source.value, source.rule),
            _day_note("published", published),
            _day_note("signed", signed),
            _day_note("effective", effective),
            FieldNote("number", number.value, number.rule),
            FieldNote("index_number", index_number.value, index_number.rule),
            FieldNote("url", url.value, url.rule),
            FieldNote("body", f"{len(text)} characters", body.rule),
        )
        return Explanation(
            announcement, notes, body.cut, self.decoded.encoding, self.decoded.rule, self.decoded.replaced
        )

    def _near_title(self) -> list[str]:
        """The short lines between the headline and the text."""
        first = self.body.first
        return (
            [line.text for line in self.document.lines[max(0, first - 12) : first] if not line.hidden]
            if first > 0
            else []
        )

    def _attachment_range(self) -> tuple[int, int]:
        first = self.body.first
        return (max(0, first), len(self.document.lines)) if first >= 0 else (0, len(self.document.lines))


def _day_note(field: str, chosen: fields.Chosen[date | None]) -> FieldNote:
    return FieldNote(field, chosen.value.isoformat() if chosen.value else "", chosen.rule)
