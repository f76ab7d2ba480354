"""An address taken apart, whatever stands where one should: the only place that may meet a bad one.

Python refuses some (full-width signs in a host, a bracket that is no IPv6 address) by raising; a page or record
with such an address is no worse for it. A bad address has no host and no path, and stays as it is written.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from indexer.text.patterns import lazily


def host(address: str) -> str:
    """Return the host in lower case, without port; "" if there is none or the address is bad."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def site(address: str) -> str:
    """Return host and port in lower case, as they are written; "" if there are none or the address is bad."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def path(address: str) -> str:
    """Return the path, percent signs decoded; of a bad address what stands before ? and #."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return unquote(address.split("#", 1)[0].split("?", 1)[0])


def target(address: str) -> str:
    """Return the address that one leads on to by a parameter such as url=…; itself if it leads to none.

    Slashes too many behind the scheme, which browsers pass over, go.
    """
    address = _SLASHES.sub(r"\1//", address, count=1)
    try:
        query = parse_qsl(urlsplit(address).query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return address
    leads_to = (value for name, value in query if name.lower() in _LEADING and _WHOLE.match(value))
    return next(leads_to, address)


_SLASHES = lazily(r"\A(https?:)/{3,9}(?=[^/])")
_LEADING = ("url", "target", "redirect", "redirect_url", "link", "goto", "to", "u")
_WHOLE = lazily(r"https?://[^\s/]+\.[^\s/]+")
_MOST_PARAMETERS = 50  # of a query


def joined(base: str, address: str) -> str:
    """Return an address that is relative to another made absolute; as it is written if either is bad."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address
