"""What on this page is the announcement? The only way into ``indexer.reading.html`` from outside."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from indexer.announcement import Announcement, Page, page_id
from indexer.errors import PageUnreadable
from indexer.facts.document_kind import kind_of
from indexer.facts.issuer_evidence import HOST, LABEL, META, SIGNATURE, SITE, issuer_by_evidence, issuer_of_site
from indexer.facts.page_place import place_of_page
from indexer.facts.region import issuer_region, label_region
from indexer.light_dataclass import dataclass
from indexer.reading.encoding import Decoded, decode_with_reason
from indexer.reading.html import field_choice
from indexer.reading.html.attachment_links import find_attachments
from indexer.reading.html.body import find_body, hidden_parts
from indexer.reading.html.dom import parse
from indexer.reading.html.field_choice import Chosen
from indexer.reading.html.labels import read_labels
from indexer.reading.html.line_kinds import is_prose, reasons_of, weigh
from indexer.reading.html.no_announcement import Seen, why_none
from indexer.reading.html.script_text import with_scripted_text
from indexer.reading.html.site import read_site
from indexer.reading.html.text_save import read_text
from indexer.reading.html.title import choose_title
from indexer.reading.html.unshown_elements import MAX_MARKUP_CHARS
from indexer.reading.html.validity_label import choose_validity_label
from indexer.skip_reasons import because
from indexer.text.spaces import without_doubled_stops

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from indexer.announcement import Attachment
    from indexer.reading.html.body import Body
    from indexer.reading.html.document import Document, Line
    from indexer.reading.html.labels import Labelled
    from indexer.reading.html.site import Site

T = TypeVar("T")

_HIDDEN_RATIO = 5  # hidden text is believed when there is so many times more of it than of visible text
_SCRIPTED_RATIO = 3  # so many times longer than the text a page shows is one that only a script would show
_NEAR_LINES = 12  # between a headline and its text stand no more lines
_LONGEST_WAY, _MOST_WAYS = 200, 8  # characters and lines of where on its site a page stands
_BOXED_DAY_LINES = 3  # of a day in boxes above a headline
_HEAD_LINES = 15  # an announcement's own number stands among its first lines
_SOURCE_LABEL = re.compile(r"来\s*源\s*[:：]")
_LISTED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．)）]")  # 一、国发〔1999〕3号 is one of a list
_CONTROL = "".join(map(chr, (*range(9), 0xFFFD)))  # no text has these, binary data is full of them
_BINARY_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What a field became, and the rule that gave it."""

    field: str
    value: str
    rule: str  # "" if nothing gave it a value


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line of the page that is not part of the body."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a page was read."""

    announcement: Announcement
    fields: tuple[FieldNote, ...]
    cut: tuple[CutLine, ...]  # in the page's order
    encoding: str
    encoding_rule: str
    replaced_characters: int  # U+FFFD that decoding left in the page


def clean(page: Page) -> Announcement:
    """Read a page; raises ``PageUnreadable`` with the reason when it holds no announcement."""
    return _Reading(page).checked()


def explain(page: Page) -> Explanation:
    """Read a page and say how; raises ``PageUnreadable`` like ``clean``."""
    reading = _Reading(page)
    announcement = reading.checked()
    decoded = reading.decoded
    return Explanation(
        announcement, reading.notes(announcement), reading.cut(), decoded.encoding, decoded.rule, decoded.replaced
    )


def _decoded(page: Page) -> Decoded:
    if not page.content.strip():
        raise PageUnreadable(because("empty-file"))
    decoded = decode_with_reason(page.content)
    sample = decoded.text[:100_000]
    if page.kind == "text" and len(decoded.text) > MAX_MARKUP_CHARS:
        raise PageUnreadable(because("many-characters", count=f"{len(decoded.text):,}"))
    if sum(map(sample.count, _CONTROL)) > _BINARY_SHARE * len(sample):
        raise PageUnreadable(because("binary"))
    return decoded


class _Reading:
    """One page, read step by step; each step uses what the ones before it settled."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.decoded = _decoded(page)
        self._read(read_text(self.decoded.text) if page.kind == "text" else parse(self.decoded.text))
        scripted = ""
        if page.kind == "html" and not self._has_prose():
            shown = sum(len(self.document.lines[at].text) for at in self.body.kept)
            if markup := with_scripted_text(self.decoded.text, _SCRIPTED_RATIO * shown):
                with suppress(PageUnreadable):  # too large with it: what the page shows itself must do
                    self._read(parse(markup))
                    scripted = ", with what a script shows"
        self.lines = [without_doubled_stops(self.document.lines[at].text) for at in self.body.kept]
        self.url = field_choice.choose_url(self.document)
        self.rules: dict[str, str] = {"title": self.title.rule, "url": self.url.rule, "body": self.body.rule + scripted}

    def _read(self, document: Document) -> None:
        """Find title and body."""
        self.document = document
        labels = read_labels(document.lines)
        self.reasons = reasons_of(document, labels)
        self.title = choose_title(document, self.reasons, labels)
        self.body = self._choose_body()
        self.labels = _outside(labels, self.body)

    def _has_prose(self) -> bool:
        return any(is_prose(self.document.lines[at]) for at in self.body.kept)

    def _choose_body(self) -> Body:
        document = self.document
        body = find_body(document, weigh(document, self.reasons, self.title.lines))
        hidden = sum(len(line.text) for line in document.lines if line.hidden)
        if hidden > _HIDDEN_RATIO * sum(len(document.lines[at].text) for at in body.kept):
            document.lines[:] = [replace(line, hidden=False) for line in document.lines]
            body = self._find_again()
        elif parts := hidden_parts(document, body):
            document.lines[parts.start : parts.stop] = [replace(document.lines[at], hidden=False) for at in parts]
            body = self._find_again()
        return body

    def _find_again(self) -> Body:
        self.reasons = reasons_of(self.document, read_labels(self.document.lines))
        return find_body(self.document, weigh(self.document, self.reasons, self.title.lines))

    def checked(self) -> Announcement:
        """Settle every field; raises ``PageUnreadable`` if the page looks like anything but an announcement."""
        announcement = self.announcement()
        if self.page.keep_all:
            return announcement
        seen = Seen(
            announcement,
            self.document,
            self.body.kept,
            self.labels,
            shows_title=bool(self.title.lines),
            published_rule=self.rules["published"],
        )
        if code := why_none(seen):
            raise PageUnreadable(because(code))
        return announcement

    def announcement(self) -> Announcement:
        """Settle every field."""
        attachments = self._attachments()
        text = "\n".join(self.lines) or "\n".join(attachment.name for attachment in attachments) or self._described()
        if not text and not self.title.text:
            raise PageUnreadable(because("no-text"))
        near = self._near_title()
        signed_by, signed_on = field_choice.signature(self.lines)
        source = self._ruled("source", field_choice.choose_source(self.labels, near, self.document, signed_by))
        rows = (line.parts for at in self.body.kept if (line := self.document.lines[at]).is_row)
        number = self._ruled("number", field_choice.choose_number(self.labels, self.title.text, self._head(), rows))
        marks = read_site(self.document, self.reasons, self.title.text, self.url.value)
        site = marks.region(f"{self.title.text}\n{text}")
        place = place_of_page(ways=self._ways(), title=self.title.text, body=text, site_region=site)
        region = issuer_region(
            source=source, site_region=site, page_place=place, title=self.title.text, body=text, number=number
        ) or label_region(signed_by, ())
        source, source_from = self._source_or_issuer(source, text, marks, near)
        published, signed, effective = self._days(near, signed_on, text)
        form = self._ruled("form", field_choice.choose_form(self.labels, self.title.text))
        return Announcement(
            id=page_id(self.page.path),
            title=self.title.text,
            body=text,
            source=source,
            source_from=source_from,
            published=published,
            signed=signed,
            effective=effective,
            region=region,
            site_region=site,
            number=number,
            index_number=self._ruled("index_number", field_choice.choose_index_number(self.labels)),
            form=form,
            validity_label=self._ruled("validity_label", choose_validity_label(self.labels, set(self.body.kept))),
            kind=kind_of(self.title.text, text, form, number),
            url=self.url.value,
            path=self.page.path,
            attachments=attachments,
            replaced_characters=self.decoded.replaced,
        )

    def _ways(self) -> list[str]:
        """Return the lines that say where on its site the page stands."""
        lines = zip(self.document.lines, self.reasons, strict=True)
        ways = (line.text for line, reason in lines if reason == "breadcrumb" and len(line.text) <= _LONGEST_WAY)
        return list(islice(ways, _MOST_WAYS))

    def _source_or_issuer(self, source: str, text: str, site: Site, near: Sequence[Line]) -> tuple[str, str]:
        """Return the source that the page names, else the issuer by what else tells it, and what told it.

        A label without a name stands for one that a script or a save lost, seldom the site: neither site nor host
        answers for it.
        """
        if source:
            rule = self.rules["source"]
            return source, META if rule.startswith("meta") else SIGNATURE if rule == "signature" else LABEL
        names = (site.name, site.title_suffix, site.owner)
        if field_choice.names_the_site(self.labels) and (known := next(filter(None, names), "")):
            self.rules["source"] = "label of the source: the site itself"
            return issuer_of_site(known) or known, SITE
        name, evidence = "", ""
        for known in names:
            name, evidence = issuer_by_evidence(
                title=self.title.text, body=text, site_name=known, host=site.host, is_declared=known == site.name
            )
            if evidence != HOST and name:
                break
        if evidence in (SITE, HOST) and any(_SOURCE_LABEL.search(line.text) for line in near):
            return "", ""
        if name:
            self.rules["source"] = f"issuer by the {evidence}"
        return name, evidence

    def _described(self) -> str:
        """Return what the head of a page without any text says in a sentence."""
        described = self.document.metas.get("description", "")
        if "。" not in described:
            return ""
        self.rules["body"] = "meta description"
        return described

    def _days(self, near: Sequence[Line], signed_on: date | None, text: str) -> tuple[date | None, ...]:
        """Return the days of publication, of signing, and from which it is in force."""
        signature = Chosen(signed_on, "signature" if signed_on else "")
        days = {
            "published": field_choice.choose_published(self.labels, near, self.document, self.url.value),
            "signed": field_choice.choose_day(self.labels, "signed").otherwise(signature),
            "effective": field_choice.choose_day(self.labels, "effective").otherwise(
                field_choice.effective_in_text(text)
            ),
        }
        return tuple(self._ruled(field, chosen) for field, chosen in days.items())

    def _ruled(self, field: str, chosen: Chosen[T]) -> T:
        self.rules[field] = chosen.rule
        return chosen.value

    def _near_title(self) -> list[Line]:
        """Return the lines between headline and text, else the few before the text."""
        first = self.body.first
        if first < 0:  # pictures alone, or nothing: below the first headline
            above = min(self.title.lines, default=0)
            first = min(len(self.document.lines), above + _NEAR_LINES)
        else:
            above = max((at for at in self.title.lines if at < first), default=first - _NEAR_LINES // 2)
        start = max(0, above - 1, first - _NEAR_LINES)
        while start and above - start < _BOXED_DAY_LINES and self.reasons[start] == self.reasons[start - 1] == "date":
            start -= 1
        shown = [at for at in range(start, first) if not self.document.lines[at].hidden]
        shown = [at for at in shown if self.reasons[at] not in ("today", "breadcrumb")]
        shown = [at for at in shown if not (at and field_choice.owns_day(self.document.lines[at - 1].text))]
        below, upward = [at for at in shown if at > above], [at for at in reversed(shown) if at <= above]
        return [self.document.lines[at] for at in below + upward]

    def _head(self) -> list[str]:
        """Return the lines where the announcement's own number may stand alone; a table's numbers are others'."""
        lines = [*self._near_title(), *(self.document.lines[at] for at in self.body.kept[:_HEAD_LINES])]
        return [line.text for line in lines if not line.is_row and not _LISTED.match(line.text)]

    def _attachments(self) -> tuple[Attachment, ...]:
        """Return the files linked from the headline above the body on, or from anywhere when there is no body."""
        first = max((at for at in self.title.lines if at < self.body.first), default=max(0, self.body.first))
        lines = [at for at in range(first, len(self.document.lines)) if self.reasons[at] not in ("hidden", "footer")]
        return find_attachments(self.document, lines, self.url.value)

    def notes(self, announcement: Announcement) -> tuple[FieldNote, ...]:
        """Return each field's value and rule."""
        values = {name: getattr(announcement, name) for name in self.rules}
        values["body"] = f"{len(announcement.body)} characters in {announcement.body.count(chr(10)) + 1} lines"
        return tuple(FieldNote(name, str(values[name] or ""), rule) for name, rule in self.rules.items())

    def cut(self) -> tuple[CutLine, ...]:
        """Return every line that is not in the body, with the reason."""
        kept = set(self.body.kept)
        return tuple(
            CutLine(line.text, self._reason(at)) for at, line in enumerate(self.document.lines) if at not in kept
        )

    def _reason(self, at: int) -> str:
        if at in self.body.copies:
            return "second copy"
        if at in self.title.lines:
            return "title"
        return self.reasons[at] or "outside the text"


def _outside(labels: Sequence[Labelled], body: Body) -> list[Labelled]:
    """Return the labels that are not part of the text, those before it first."""
    kept = set(body.kept)
    return sorted((one for one in labels if one.line not in kept), key=lambda one: one.line > body.first)
