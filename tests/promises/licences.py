"""What we depend on: that it is what the lock names, that its files are as they were packed, and under which licence.

Reads what is installed, and asks nobody. Copyleft that would bind this project (GPL, AGPL) is refused.

    python -m tests.promises.licences
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from tests.bench.measuring import table
from tests.promises.ground import Verdict

ROOT = Path(__file__).parents[2]
REFUSED = re.compile(r"(?<![L])\bA?GPL|(?<!Lesser )General Public License|Affero", re.IGNORECASE)
EXTRAS = ("", "fast", "attachments", "warc", "metrics", "opensearch", "parquet", "mcp", "xlsx", "semantic")


def needed(
    name: str, extras: tuple[str, ...] = ("",), seen: dict[str, metadata.Distribution] | None = None
) -> dict[str, metadata.Distribution]:
    """Return everything that a package needs here, itself included, by canonical name."""
    found = {} if seen is None else seen
    key = canonical(name)
    if key in found:
        return found
    found[key] = metadata.distribution(name)
    for line in found[key].requires or ():
        requirement = Requirement(line)
        if any(requirement.marker is None or requirement.marker.evaluate({"extra": extra}) for extra in extras):
            needed(requirement.name, (*requirement.extras, ""), found)
    return found


def canonical(name: str) -> str:
    """Write a package's name in its one form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(distribution: metadata.Distribution) -> str:
    """Return what a package says of its licence, shortly."""
    told = distribution.metadata
    classifiers = [line.rsplit(" :: ", 1)[-1] for line in told.get_all("Classifier") or () if "License ::" in line]
    given = (told.get_all(name) for name in ("License-Expression", "License"))
    expression, written = ("".join(values or ()) for values in given)
    return (expression or "; ".join(classifiers) or written).strip().split("\n", 1)[0]


def damaged(distribution: metadata.Distribution) -> list[str]:
    """Name the files of a package that are not as its record says."""
    wrong = []
    for file in distribution.files or ():
        if file.hash is None or file.suffix == ".pyc":
            continue
        place = Path(str(file.locate()))
        digest = hashlib.new(file.hash.mode, place.read_bytes()).digest() if place.is_file() else b""
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            wrong.append(str(file))
    return wrong


def locked() -> dict[str, str]:
    """Read the versions that the lock names."""
    lines = (ROOT / "requirements-develop.lock").read_text(encoding="utf-8")
    return {canonical(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lines, re.MULTILINE)}


def prove() -> tuple[Verdict, list[tuple[str, str, str]]]:
    """Look at every package; give the verdict, and name, version and licence of each."""
    verdict, rows, versions = Verdict(), [], locked()
    for name, distribution in sorted(needed("policy-search", EXTRAS).items()):
        if name == "policy-search":
            continue
        said = licence(distribution)
        rows.append((name, distribution.version, said))
        verdict.counts["packages"] += 1
        verdict.check(said, f"{name} says nothing of its licence")
        verdict.check(not REFUSED.search(said), f"{name} is under {said}")
        verdict.check(not damaged(distribution), f"{name} is not as it was packed: {damaged(distribution)[:3]}")
        verdict.check(name in versions, f"{name} is not in requirements-develop.lock")
        verdict.counts["not in the version of the lock"] += versions.get(name) != distribution.version
    return verdict, rows


def main() -> int:
    verdict, rows = prove()
    table(("package", "version", "licence"), rows)
    return verdict.tell("Dependencies")


if __name__ == "__main__":
    sys.exit(main())
