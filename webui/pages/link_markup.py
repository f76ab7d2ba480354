"""Links and forms of a list as markup, where a page has dozens of them: choices, numbered pages, values to find.

Every text passes ``escaped``, addresses ``escaped_address``; words of our own catalogs need neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from webui.address import root
from webui.escaping import escaped, escaped_address
from webui.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webui.pages.facet_column import FacetView
    from webui.pages.result_list import Link


def choices(label: str, links: Iterable[Link]) -> Markup:
    """Write a choice among several as a line of links, of which the current one is marked."""
    each = "".join([_link(one, ' aria-current="true"') + "\n" for one in links])
    return Markup(f'<p class="choices" data-swap><span>{escaped(label)}</span>\n{each}</p>\n')  # noqa: S704 - see above


def numbered_pages(links: Iterable[Link]) -> Markup:
    """Write links to pages of a list; one without an address stands for those that are left out."""
    gap = '<span class="gap">…</span>\n'
    each = [_link(one, ' aria-current="page"') + "\n" if one.href else gap for one in links]
    return Markup("".join(each))  # noqa: S704 - see above


def _link(one: Link, mark: str) -> str:
    return f'<a href="{escaped_address(one.href)}"{mark if one.current else ""}>{escaped(one.label)}</a>'


def find_form(facet: FacetView) -> Markup:
    """Write the form that finds values of a facet by what they hold; with a script while it is typed."""
    name, find = _("在%(facet)s中查找", facet=escaped(facet.title)), _("查找")
    kept = [f'<input type="hidden" name="{held}" value="{escaped(value)}">' for held, value in facet.kept]
    asked = f'name="find" value="{escaped(facet.find)}" maxlength="100" autocomplete="off"'
    parts = [
        f'<form class="find" action="{root()}/#{facet.name}" method="get" role="search" aria-label="{name}">\n',
        *kept,
        f'\n<input type="search" {asked} aria-label="{name}" placeholder="{name}">\n',
        f'<button type="submit">{find}</button>\n</form>\n',
    ]
    return Markup("".join(parts))  # noqa: S704 - see above
