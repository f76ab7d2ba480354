"""Office files that are ZIP archives of XML parts: their parts, within bounds.

lxml parses with entities unresolved, no network and no depth beyond what its own bounds allow; a part that declares a
document type is refused besides, for no office format needs any.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING

from lxml import etree

from indexer.errors import PageUnreadable
from indexer.skip_reasons import because

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED_BYTES = 128 * 1024**2  # of one file; the text of a thousand pages takes about ten
_TAGS = 2_000_000  # of one part, opening and closing; each costs 60 to 120 bytes, a thousand pages have half a million

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """Read and parse one part; raises ``PageUnreadable`` if it is missing, damaged, locked or too large."""
    try:
        with archive.open(name) as member:
            content = member.read(UNPACKED_BYTES + 1)
    except KeyError as error:
        raise PageUnreadable(because("lacks-part", name=name)) from error
    except RuntimeError as error:  # zipfile says so of encrypted members
        raise PageUnreadable(because("password")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise PageUnreadable(because("damaged", why=error)) from error
    if len(content) > UNPACKED_BYTES:
        raise PageUnreadable(because("unfolds", size=UNPACKED_BYTES // 1024**2))
    return parsed(content, name)


def parsed(content: bytes, name: str) -> etree._Element:
    """Parse XML; raises ``PageUnreadable`` if it is none, has too many tags, or declares entities."""
    if (tags := content.count(b"<")) > _TAGS:
        raise PageUnreadable(because("many-tags", count=f"{tags:,}"))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise PageUnreadable(because("damaged", why=f"{name}: {error}")) from error
    if root is None:
        raise PageUnreadable(because("damaged", why=f"{name}: nothing in it"))
    if root.getroottree().docinfo.doctype:
        raise PageUnreadable(because("entities"))
    return root


def related(archive: zipfile.ZipFile, name: str, kind: str) -> Iterator[str]:
    """Yield the names of the parts that one refers to under a kind such as officeDocument; "" is the package itself."""
    folder, own = posixpath.split(name)
    relations = posixpath.join(folder, "_rels", f"{own}.rels")
    if relations not in archive.namelist():
        return
    for relation in part(archive, relations).iter(_RELATIONS):
        if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            target = relation.get("Target", "")
            yield target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" of what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
