"""Dependencies: all in the lock with hashes, as they were packed, none under a licence that would bind this project."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.promises import licences


def test_every_dependency_is_locked_undamaged_and_free_to_use() -> None:
    verdict, rows = licences.prove()
    assert verdict.broken == []
    assert len(rows) > 15


UNLOCKED_EXTRAS = ("ocr",)  # 300 MB that no other part needs; its tests say that they are skipped without it
LOCKS = ("requirements.lock", "requirements-develop.lock", "requirements-bench.lock", ".ci/build.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_has_its_hashes(lock: str) -> None:
    text = (licences.ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert [one.split("==")[0] for one in packages if "--hash=sha256:" not in one] == []


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_a_package_has_one_version_in_all_locks(lock: str) -> None:
    versions = {name: version for one in LOCKS[:3] for name, version in locked(one).items()}
    assert {name: version for name, version in locked(lock).items() if versions.get(name, version) != version} == {}


def test_everything_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((licences.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    locked_extras = [lines for name, lines in extras.items() if name not in UNLOCKED_EXTRAS]
    wanted = [*project["project"]["dependencies"], *(line for extra in locked_extras for line in extra)]
    wanted += [line for name in ("build", "check", "test", "lock") for line in project["dependency-groups"][name]]
    names = {licences.canonical(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in wanted}
    assert names - set(locked("requirements-develop.lock")) == set()


def locked(lock: str) -> dict[str, str]:
    text = (licences.ROOT / lock).read_text(encoding="utf-8")
    pairs: list[tuple[str, str]] = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {licences.canonical(name): version for name, version in pairs}


def test_copyleft_is_told_from_what_only_sounds_like_it() -> None:
    for refused in ("GPL-3.0-only", "AGPL-3.0", "GNU Affero General Public License v3", "GNU General Public License"):
        assert licences.REFUSED.search(refused)
    for fine in ("MIT", "LGPL-2.1", "BSD License", "GNU Lesser General Public License v2"):
        assert not licences.REFUSED.search(fine)
