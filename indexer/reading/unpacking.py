"""How far a packed file may unpack: a few kilobytes must not keep a run busy for hours."""

from __future__ import annotations

from typing import Final

from indexer.light_dataclass import dataclass

# Unpacked by packed; deflate ends at 1,032. 115 real pages come to 1.6 to 36, JSON Lines of real texts to 3 to 14.
MOST_RATIO: Final = 200
LEAST_PIECE: Final = 200  # bytes; what a record costs beside its bytes is worth as many


@dataclass(slots=True)
class Unpacked:
    """What has been unpacked from a file so far."""

    free: int  # bytes; whatever the ratio is, so much is read
    count: int = 0  # bytes

    def add(self, count: int, packed: int) -> bool:
        """Count a piece of so many bytes, out of ``packed`` bytes read so far; return whether that may go on."""
        self.count += max(count, LEAST_PIECE)
        return self.count <= max(self.free, MOST_RATIO * packed)
