"""The pages' words in the reader's language, looked up once each: a page has two hundred of them."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import get_translations
from markupsafe import Markup

from webui.choices import language
from webui.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Callable

Said = TypeVar("Said")
_NO_ATTRIBUTE = Markup()
_KEPT = 1024  # words of a language: more than all pages have together


class _Catalog:
    """The words of one language, as texts and as markup."""

    def __init__(self, found: Any) -> None:
        self.text: Callable[[str], str] = lru_cache(_KEPT)(found.ugettext)
        self.markup: Callable[[str], Markup] = lru_cache(_KEPT)(self._markup)
        self.plural: Callable[[str, str, int], str] = found.ungettext

    def _markup(self, word: str) -> Markup:
        return Markup(self.text(word))  # noqa: S704 - our own catalogs


_catalogs: dict[str, _Catalog] = {}


def _catalog() -> _Catalog:
    """Return the catalog of this answer's language; Babel looks for it anew at every word."""
    asked = language()
    if asked not in _catalogs:
        _catalogs[asked] = _Catalog(get_translations())
    return _catalogs[asked]


def gettext(word: str, **values: object) -> str:
    """Return a word or sentence in the reader's language, with values put in."""
    said = _catalog().text(word)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Return the same for something that is counted; "num" is the count."""
    return _catalog().plural(one, many, count) % {"num": count, **values}


def once_a_language(make: Callable[[], Said]) -> Callable[[], Said]:
    """Have what a function makes of words made once in each language; nobody may change it."""
    made: dict[str, Said] = {}

    @wraps(make)
    def said() -> Said:
        asked = language()
        if asked not in made:
            made[asked] = make()
        return made[asked]

    return said


def chinese() -> Markup:
    """Return the attribute that says on English pages that a text is Chinese, as what announcements say is."""
    return Markup(' lang="zh-CN"') if language() != "zh" else _NO_ATTRIBUTE


def for_templates() -> dict[str, Callable[..., Markup]]:
    """Return the same for templates, as markup with values escaped."""
    catalog = _catalog()

    def filled(words: str, values: dict[str, object]) -> Markup:
        escapes = {name: escaped(value) for name, value in values.items()}
        return Markup(words % escapes)  # noqa: S704 - our own catalogs

    def said_markup(word: str, **values: object) -> Markup:
        return filled(catalog.text(word), values) if values else catalog.markup(word)

    def counted_markup(one: str, many: str, count: int, **values: object) -> Markup:
        return filled(catalog.plural(one, many, count), {"num": count, **values})

    return {"_": said_markup, "ngettext": counted_markup}
