"""Dependencies: all in the lock with hashes, as they were packed, none under a licence that would bind this project."""

from __future__ import annotations

import re

from tests.promises import licences


def test_every_dependency_is_locked_undamaged_and_free_to_use() -> None:
    verdict, rows = licences.prove()
    assert verdict.broken == []
    assert len(rows) > 15


def test_every_line_of_the_lock_has_its_hashes() -> None:
    text = (licences.ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert [one.split("==")[0] for one in packages if "--hash=sha256:" not in one] == []


def test_copyleft_is_told_from_what_only_sounds_like_it() -> None:
    for refused in ("GPL-3.0-only", "AGPL-3.0", "GNU Affero General Public License v3", "GNU General Public License"):
        assert licences.REFUSED.search(refused)
    for fine in ("MIT", "LGPL-2.1", "BSD License", "GNU Lesser General Public License v2"):
        assert not licences.REFUSED.search(fine)
