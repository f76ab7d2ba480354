"""The examples of the OpenAPI file, as the app itself answers them.

python -m tests.webui.web_examples      writes them into the file anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.webui.web_engine import MemoryEngine
from webui import create_app

OPENAPI = Path(__file__).parents[2] / "webui" / "static" / "openapi.json"

BASE = "http://127.0.0.1:8000"


def answers(description: dict[str, Any]) -> dict[str, Any]:
    """Ask for each example by the address in its summary; what differs from one run to the next is fixed."""
    client = create_app(MemoryEngine()).test_client()
    examples = description["components"]["examples"]
    return {
        name: _steady(client.get(example["summary"], base_url=BASE).get_json()) for name, example in examples.items()
    }


def _steady(answer: dict[str, Any]) -> dict[str, Any]:
    fixed: dict[str, Any] = {"age_seconds": 60, "instance": "urn:request:0123456789abcdef"}
    return {key: fixed.get(key, value) for key, value in answer.items()}


def main() -> None:
    """Write the examples into the file."""
    description = json.loads(OPENAPI.read_text(encoding="utf-8"))
    for name, answer in answers(description).items():
        description["components"]["examples"][name]["value"] = answer
    OPENAPI.write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
