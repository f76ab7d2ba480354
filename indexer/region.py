"""Which place is meant: region paths and the gazetteer."""

from __future__ import annotations

RegionPath = tuple[str, ...]  # widest first: ("广东省", "广州市", "花都区"); () if unknown; ("全国",) for the nation
