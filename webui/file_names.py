"""Names for files that a browser saves: for old clients in ASCII, for all others as they are (RFC 6266, RFC 5987)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MOST_CHARS = 80  # of a name without its ending; names of files end at 255 bytes, 85 Chinese characters

_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')  # what some file system or shell reads otherwise


def file_name(title: str, ending: str) -> str:
    """Return a name that every file system takes, made of a title; ``ending`` as ".csv"."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in title)
    return (_UNSAFE.sub(" ", shown).strip(" .")[:MOST_CHARS].strip(" .") or "policy-search") + ending


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the header Content-Disposition for a file of this name, which may hold any sign."""
    stem, dot, ending = _UNSAFE.sub(" ", name).strip(" .").rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9._ -]+", "", stem).strip(" .") or "policy-search"
    ascii_ending = dot + re.sub(r"[^A-Za-z0-9]+", "", ending) if dot else ""
    encoded = quote(name, safe="", errors="replace")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}{ascii_ending}\"; filename*=UTF-8''{encoded}"
