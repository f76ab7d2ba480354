"""A facet is declared in one place: what goes by it everywhere else."""

from __future__ import annotations

from dataclasses import fields

import pytest

from indexer.answers.as_json import facets_json
from indexer.answers.results import Facets
from indexer.cli import cli
from indexer.cluster.mappings import body_of_index
from indexer.embedded.store.documents import DOC_VALUES
from indexer.embedded.whoosh.schema import schema_of
from indexer.fields import FACETS, FIELDS, Field
from indexer.query.parameters import NAMES, read_query, write_query
from indexer.query.parser import parse
from indexer.query.tree import Filters, Term
from tests.builders import announcement

VALUES = {"keyword": "通知", "path": "广东省/广州市", "month": "2020-03"}


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.name)
def test_a_declared_facet_is_a_choice_a_parameter_an_option_and_a_key_of_json(facet: Field) -> None:
    assert facet.name in {one.name for one in fields(Filters)} & {one.name for one in fields(Facets)} & set(NAMES)
    assert facet.name in {option.name for option in cli.commands["search"].params}
    assert facet.name in facets_json(Facets())
    asked = [(facet.name, VALUES[facet.kind])]
    query = read_query({name: [value] for name, value in asked})
    assert write_query(query) == asked
    assert query.filters.chosen(facet.name) == (VALUES[facet.kind],)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_declared_field_lies_in_both_engines_and_in_whooshs_schema(field: Field) -> None:
    lies_in = "published" if field.kind == "month" else field.name
    assert lies_in in schema_of().names()
    assert field.kind == "month" or field.name in DOC_VALUES
    assert {"month": "month"}.get(field.kind, field.name) in body_of_index(1, 0, {})["mappings"]["properties"]
    assert isinstance(field.read(announcement("a", number="国办发〔2017〕47号")), str)


@pytest.mark.parametrize("field", [one for one in FIELDS if one.is_asked_for], ids=lambda field: field.name)
def test_a_declared_field_is_asked_for_by_its_name_and_by_its_label(field: Field) -> None:
    for name in (field.name, field.label):
        assert parse(f"{name}:某某")[0] == Term("某某", field.name)
    assert parse(f"{field.name}:某某")[1].startswith(field.label)
