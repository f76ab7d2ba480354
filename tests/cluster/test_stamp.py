"""A change of what ranking has written into the cluster asks for a rebuild: nothing else may tell old from new."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

pytest.importorskip("opensearchpy")

from indexer.cluster import documents as writing
from indexer.cluster import mappings, text_fields
from indexer.cluster.averages import Averages
from indexer.ranking import prior
from indexer.ranking.bm25f import RANKING
from tests.builders import announcement

PAGE = announcement("a", "国务院办公厅关于扶贫的通知", "扶贫工作。扶贫。", number="国办发〔2017〕47号", form="通知")


def _written() -> list[dict[str, object]]:
    return list(writing.documents([PAGE], ["{}"], Averages(4.0, 40.0)))


def test_the_parameters_of_ranking_that_are_written_are_in_the_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    before, stamp = _written(), mappings.stamp()
    written = set()
    for name in (field.name for field in fields(RANKING)):
        other = replace(RANKING, **{name: getattr(RANKING, name) * 0.7 + 0.01})
        monkeypatch.setattr(text_fields, "RANKING", other)
        monkeypatch.setattr(mappings, "RANKING", other)
        if _written() != before:
            written.add(name)
            assert mappings.stamp() != stamp, name
    assert written == {"title", "title_in_question", "b", "b_in_title"}


@pytest.mark.parametrize("name", [field.name for field in fields(prior.PRIOR)])
def test_a_parameter_of_the_prior_is_in_the_stamp(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = mappings.stamp()
    monkeypatch.setattr(mappings, "PRIOR", replace(prior.PRIOR, **{name: 0.77}))
    assert mappings.stamp() != stamp
