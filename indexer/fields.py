"""The fields that announcements are filtered by, counted in and asked for: each is declared here, once.

Both engines, the parameters of a search, the query language, JSON, the facet column and the command line go by these
declarations. How to add one stands in ``indexer/README.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from indexer.facts import addresses
from indexer.facts.document_number import number_key
from indexer.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.announcement import Announcement

# keyword: one value, "" for none; path: a region or folder, counted for itself and all above it; month: of the day of
# publication, counted by year; number: a document number, equal for all ways to write it; start: found by all that it
# begins with; host: a name on the net, found by itself and by each domain that it lies in.
Kind = Literal["keyword", "path", "month", "number", "start", "host"]

UNSTATED: Final = "未注明"  # as a value of any facet and of ``number``: those that have none
NOT: Final = "not."  # before a facet's name: the parameter that leaves a value of it out


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    name: str  # of its parameter, its facet, its key in JSON, and what may be typed before a colon
    label: str  # what people read above its facet, and may type before a colon too
    kind: Kind
    read: Callable[[Announcement], str]  # what an announcement has of it; "" if it has none
    help: str  # of the command line's option
    is_facet: bool = True  # counted, and chosen by a parameter that may be repeated
    is_asked_for: bool = True  # may stand before a colon in a query
    by_parts: bool = False  # 来源:国务院 finds all sources with 国务院 in them; else the whole value is asked for
    top_values: int = 8  # that the facet column shows before "more"
    column_place: int = 3  # in the facet column, from the top

    @property
    def verb(self) -> str:
        """Return how a query that asks for it is told: 来源含 …, 文种为 …."""
        return {"start": "始于", "host": "属于"}.get(self.kind, "含" if self.by_parts else "为")


SOURCE: Final = Field(
    name="source",
    label="来源",
    kind="keyword",
    read=lambda one: one.source,
    help="Only this source; repeat for any of several.",
    by_parts=True,
    column_place=5,
)
REGION: Final = Field(
    name="region",
    label="地区",
    kind="path",
    read=lambda one: "/".join(one.region),
    help="Only this region and all below it, e.g. 广东省/广州市; repeatable.",
    column_place=2,
)
FORM: Final = Field(
    name="form",
    label="文种",
    kind="keyword",
    read=lambda one: one.form,
    help="Only this form (通知, 公告 …); repeatable.",
    column_place=4,
)
KIND: Final = Field(
    name="kind",
    label="类别",
    kind="keyword",
    read=lambda one: one.kind,
    help="Only documents (政策文件) or only news (动态).",
    column_place=6,
)
YEAR: Final = Field(
    name="year",
    label="时间",
    kind="month",
    read=lambda one: one.published.isoformat()[:7] if one.published else "",
    help="Only this year, or month as 2020-03; repeatable.",
    is_asked_for=False,
    top_values=5,
    column_place=1,
)
VALIDITY: Final = Field(
    name="validity",
    label="时效",
    kind="keyword",
    read=lambda _: "",  # told by all announcements together: ``indexer.relations.validity``
    help="Only 已废止, 已失效, 已修改, 尚未施行, 部分废止 or 未见废止 (news have none); repeatable.",
    column_place=7,
)
NUMBER: Final = Field(
    name="number",
    label="文号",
    kind="number",
    read=lambda one: number_key(one.number),
    help="Only the announcement that bears this document number.",
    is_facet=False,
)

FOLDER: Final = Field(
    name="folder",
    label="文件夹",
    kind="path",
    read=lambda one: folder_of(one.path),
    help="Only what was saved in this folder and all below it, e.g. pages/2024; repeatable.",
    is_asked_for=False,
    column_place=7,
)
PATH: Final = Field(
    name="path",
    label="路径",
    kind="start",
    read=lambda one: one.path,
    help="Only what was read from this file, or from what begins with this.",
    is_facet=False,
)
SITE: Final = Field(
    name="site",
    label="网站",
    kind="host",
    read=lambda one: addresses.host(one.url),
    help="Only what was published on this site or one below its domain.",
    is_facet=False,
)


def lies_in(host: str, domain: str) -> bool:
    """Return whether a host is a domain or lies in it: www.gz.gov.cn in gz.gov.cn."""
    return f".{host}".endswith(f".{domain.lstrip('.')}") and bool(domain)


def folder_of(path: str) -> str:
    """Return the folder that a page was saved in; of a row its file, of a member of an archive its folder there.

    White space in names counts as one space, as in what is typed.
    """
    file, sharp, row = path.rpartition("#")
    folder = file if sharp and row.isdecimal() else path.rpartition("/")[0]
    return "/".join(step for part in folder.split("/") if (step := " ".join(part.split())))


FIELDS: Final = (
    SOURCE,
    REGION,
    FORM,
    KIND,
    VALIDITY,
    YEAR,
    FOLDER,
    NUMBER,
    PATH,
    SITE,
)  # in the order of parameters and JSON
FACETS: Final = tuple(field for field in FIELDS if field.is_facet)
KEYWORDS: Final = tuple(field for field in FACETS if field.kind == "keyword")
WHOLE_VALUES: Final = frozenset(field.name for field in KEYWORDS if not field.by_parts)
