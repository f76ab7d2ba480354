"""How text becomes part of markup: nothing in it is read as a tag, an attribute's end or an entity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape


def escaped(value: Any) -> str:
    """Return what a page prints, escaped; it is joined with what stands around it right away.

    As MarkupSafe does it, which would make a new object of each of a page's five hundred pieces. Letters, characters
    and digits hold nothing to escape.
    """
    if type(value) is not str:
        return value if isinstance(value, Markup) else str(value) if type(value) is int else str(escape(value))
    if value.isalnum():
        return value
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("'", "&#39;").replace('"', "&#34;")


@lru_cache(maxsize=4096)
def escaped_value(value: str) -> str:
    """Return a value of a facet, escaped: most values come again on page after page."""
    return escaped(value)


def escaped_address(address: str) -> str:
    """Return one of our own addresses, escaped: all that is special in it but what joins parameters is encoded."""
    return address.replace("&", "&amp;")
