"""What the lengths of texts are measured against, and when it has changed too much."""

from __future__ import annotations

from typing import Final

from indexer.light_dataclass import dataclass

SAMPLE_SIZE: Final = 4_000  # announcements that averages are taken over; all of them where there are no more
DRIFT_IN_SAMPLE: Final = 0.005  # shares of an average; few are soon written anew, and then are as a rebuild makes them
DRIFT_BEYOND: Final = 0.05


@dataclass(frozen=True, slots=True)
class Averages:
    """What field lengths are measured against: words of a title and of a body."""

    title: float
    body: float

    def are_off(self, now: Averages, count: int) -> bool:
        """Return whether words weighed by these weigh wrongly for ``count`` announcements whose averages are ``now``.

        Of many these come from a sample themselves, off by some 2 %, which moves no hit that anybody could tell.
        """
        most = DRIFT_IN_SAMPLE if count <= SAMPLE_SIZE else DRIFT_BEYOND
        return any(abs(is_now / was - 1) > most for is_now, was in ((now.title, self.title), (now.body, self.body)))
