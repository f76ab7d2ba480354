"""The characters of scanned pages, recognised by the packages of policy-search[ocr] (RapidOCR with PP-OCR's models).

Each page is a picture of 150 dots an inch, read on one core: 2 s and 280 MB. A file's pages are bounded in number,
each of them in time. Nothing is imported before the first scanned page.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import lru_cache
from typing import Any, Final

from indexer.reading.attachments.page_layout import Run, lines_in_order
from indexer.workers.process import grant

PACKAGES: Final = ("rapidocr", "onnxruntime")
PAGES: Final = 20  # of one file that are recognised: 40 s
_PAGE_CPU_SECONDS = 20.0
_DOTS_PER_POINT = 150 / 72
_LONGEST_SIDE = 1_800  # dots; A4 has 1,754
_SETTINGS: Final[dict[str, Any]] = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # which way up a line is: pages say that themselves
    # Lines are looked for in a picture of this size: half the time of the usual one, and no character lost.
    "Det.limit_type": "max",
    "Det.limit_side_len": 736,
    "Rec.rec_batch_num": 1,  # six take twice the memory and no less time
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


def can_recognise() -> bool:
    """Return whether the packages are there."""
    return all(importlib.util.find_spec(name) for name in PACKAGES)


@lru_cache(maxsize=1)
def _engine() -> Any:
    return importlib.import_module("rapidocr").RapidOCR(params=_SETTINGS)


def recognised_lines(page: Any) -> list[str]:
    """Return the lines of a page of pypdfium2 in the order of reading; [] where nothing can be read."""
    grant(_PAGE_CPU_SECONDS)
    width, height = page.get_size()
    scale = min(_DOTS_PER_POINT, _LONGEST_SIDE / max(width, height, 1.0))
    bitmap = page.render(scale=scale)
    picture = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    found = _engine()(picture)
    if found.boxes is None or not found.txts:
        return []
    boxes = zip(found.boxes.min(axis=1).tolist(), found.boxes.max(axis=1).tolist(), found.txts, strict=True)
    return lines_in_order(
        [Run(text.strip(), left, -foot, right, -top) for (left, top), (right, foot), text in boxes if text.strip()]
    )
