"""What the facet column prints a hundred times a page as markup: values to tick, bars over time, squares of the map.

Everything in it is a link, so it works without a script. Texts pass ``escaped_value``, addresses ``escaped_address``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from webui.escaping import escaped_address, escaped_value
from webui.translation import chinese
from webui.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webui.pages.charts import Bar, Histogram
    from webui.pages.facet_column import Tick
    from webui.pages.tile_map import Shade, Tile


def tick_list(ticks: Iterable[Tick]) -> Markup:
    """Write the values of a facet, each with its count and, where one is open, what lies below it."""
    return Markup(_TickWriter().list(ticks))  # noqa: S704 - every text in it was escaped


class _TickWriter:
    """Writes values of facets."""

    def __init__(self) -> None:
        self._zh = chinese()

    def list(self, ticks: Iterable[Tick]) -> str:
        """Write values, one below the other."""
        return f'<ul class="ticks">\n{"".join(map(self._tick, ticks))}</ul>\n'

    def _tick(self, tick: Tick) -> str:
        key, label = escaped_value(tick.value), escaped_value(tick.label)
        state, note = "", ""
        if tick.selected:
            state, note = ' class="is-on"', _unseen(_("（已选，点击取消）"))
        elif tick.excluded:
            state, note = ' class="is-out"', _unseen(_("（已排除）"))
        fold = self._fold(tick, key, label) if tick.fold_href else ""
        shown = f"<bdi{'' if tick.is_said else self._zh}>{label}</bdi>{note} <small>{tick.count:,}</small>"
        below = self.list(tick.children) if tick.children else ""
        return f'<li>{fold}<a{state} href="{escaped_address(tick.href)}" data-key="{key}">{shown}</a>{below}</li>\n'

    def _fold(self, tick: Tick, key: str, label: str) -> str:
        state, word = (" is-open", _("收起")) if tick.is_open else ("", _("展开"))
        href, name = escaped_address(tick.fold_href), f"{word} {label}"
        return f'<a class="fold{state}" href="{href}" data-key="{key}" aria-label="{name}"></a>'


def chart(histogram: Histogram) -> Markup:
    """Write a histogram as SVG.

    Each bar is two thick lines: the first, unseen, makes its whole height clickable.
    """
    width, height = histogram.size.width, histogram.size.height
    name = _("各月数量") if histogram.unit == "month" else _("各年数量")
    scale = (
        f'<path class="line" d="M0 {line.place}H{width}"/>'
        f'<text class="scale" x="0" y="{line.place - 2}">{line.text}</text>\n'
        for line in histogram.scale
    )
    colon, of_all = _("："), _("，占同期收录的 %(share)s%%")
    bars = (_bar(bar, height, colon, of_all) for bar in histogram.bars)
    below = height + 15
    labels = (f'<text x="{one.place}" y="{below}">{escaped_value(one.text)}</text>' for one in histogram.labels)
    parts = [
        f'<svg class="histogram" viewBox="0 -11 {width} {height + 31}" role="group" aria-label="{name}"',
        f' stroke-width="{histogram.bar_width}">\n',
        *scale,
        *bars,
        f'<path class="axis" d="M0 {height + 0.5}H{width}"/>\n',
        *labels,
        "\n</svg>\n",
    ]
    return Markup("".join(parts))  # noqa: S704 - as above


def _bar(bar: Bar, height: int, colon: str, of_all: str) -> str:
    chosen = ' class="is-on"' if bar.selected else ""
    share = of_all % {"share": f"{bar.share:.2g}"} if bar.share is not None and bar.share < 100 else ""
    title = f"<title>{escaped_value(bar.label)}{colon}{bar.count:,}{share}</title>"
    paths = f'<path d="M{bar.middle} {height}V0"/><path d="M{bar.middle} {height}V{bar.top}"/>'
    return f'<a href="{escaped_address(bar.href)}"{chosen}>{title}{paths}</a>\n'


def map_tiles(tiles: Iterable[Tile]) -> Markup:
    """Write the places of a map, each at its row and column if it has one; those that hold nothing lead nowhere."""
    chosen = _unseen(_("（已选，点击取消）"))
    return Markup("".join([_tile(one, chosen) for one in tiles]))  # noqa: S704 - as above


def _tile(one: Tile, chosen: str) -> str:
    place, name = f"r{one.row} c{one.column}" if one.row else "", escaped_value(one.name)
    if not one.href:
        return f'<li class="{place}">{name}<span> 0</span></li>\n'
    state, note = (" is-on", chosen) if one.selected else ("", "")
    link = (
        f'<a class="s{one.shade}{state}" href="{escaped_address(one.href)}">{name} <span>{one.count:,}{note}</span></a>'
    )
    return f'<li class="{place}">{link}</li>\n'


def legend(shades: Iterable[Shade]) -> Markup:
    """Write from which count on each colour is used."""
    told = _unseen(_("图例，每一颜色的起点："))
    shown = "".join([f'<span><i class="s{one.shade}"></i>{one.least:,}+</span>' for one in shades])
    return Markup(f'<p class="legend">{told}{shown}</p>\n')  # noqa: S704 - our own words


def _unseen(words: str) -> str:
    return f'<span class="unseen">{words}</span>'
