"""What the cleaner works on: a page as a flat list of lines inside nested boxes.

Boxes hold ranges of lines, so what stands inside any element is a slice, and sums over it are two
look-ups. Knows nothing of HTML parsing; a text save becomes the same thing.
"""

from __future__ import annotations

from dataclasses import field

from indexer.light_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a reader sees it: a paragraph, a heading, a row of a table."""

    text: str  # layout spaces collapsed; cells of a row joined by "\t"
    parts: tuple[str, ...]  # the pieces that inline elements or cells cut it into, not empty
    box: int  # index of the innermost block element
    link_chars: int = 0  # characters that stand in links
    hidden: bool = False  # a browser would not show it
    is_row: bool = False
    tag: str = ""  # of the innermost block element
    indented: bool = False  # by characters that a writer types; known of lines that a line end parts from others

    @property
    def link_share(self) -> float:
        """Return the share of its characters that stand in links, from 0.0 to 1.0."""
        return min(1.0, self.link_chars / len(self.text)) if self.text else 0.0


@dataclass(slots=True)
class Box:
    """A block element; ``lines[first:end]`` of the document stand in it."""

    tag: str
    name: str  # its id and classes, lower case, each with a blank before and after
    parent: int
    first: int
    end: int = -1  # -1 while the element is open


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may lead to an attachment."""

    text: str
    href: str
    title: str  # its title or download attribute
    line: int  # index of the line it stands in


@dataclass(slots=True)
class Document:
    """A page, walked once."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)  # boxes[0] holds everything
    links: list[Link] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)  # lower-case name → first content that is not empty
    title: str = ""  # of the <title> element
    canonical: str = ""
    site_code: str = ""  # 网站标识码, where only a script names it
    saved_from: str = ""  # address that the browser noted when it saved the page

    def chain(self, box: int) -> list[int]:
        """Return the boxes around a box, itself first."""
        found = []
        while box >= 0:
            found.append(box)
            box = self.boxes[box].parent
        return found
