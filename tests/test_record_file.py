"""Records come back as they were given, also between adding; a full disk is said."""

from __future__ import annotations

import pytest

from indexer.errors import NoTemporaryRoom
from indexer.record_file import RecordFile


def test_records_come_back_in_any_order_and_while_more_are_added() -> None:
    file = RecordFile()
    assert [file.add(record) for record in (b"one", b"", b"three")] == [0, 1, 2]
    assert file[2] == b"three"
    assert file.add(b"four") == 3
    assert [*file] == [b"one", b"", b"three", b"four"]
    assert len(file) == 4
    file.close()


def test_no_room_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr("tempfile.tempdir", f"{tmp_path}/gone")
    with pytest.raises(NoTemporaryRoom):
        RecordFile()
