"""Requests made up from the OpenAPI file: no failure of the server, no answer outside the description."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.webui.web_engine import MemoryEngine
from webui import create_app

# An address may be wrong and too long (414); which of the two is told does not matter.
CONFIG = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}})
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(MemoryEngine()), config=CONFIG)


@schema.hook
def filter_query(_context: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """Leave out blank values: they count as not given, which a schema cannot say."""
    given = (query or {}).values()
    return not any(not str(one).strip() for value in given for one in (value if isinstance(value, list) else [value]))


@schema.parametrize()
@settings(max_examples=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
    # A schema cannot say what a document number or a cursor is, that "to" is not before "from", or that
    # page × per_page has a limit: some requests that fit it are rightly refused.
    plain = {"Accept-Encoding": "identity"}  # the tool does not unpack what a WSGI app packed
    response = case.call_and_validate(headers=plain, excluded_checks=[positive_data_acceptance])
    assert response.status_code < 500
