"""The operator's choices in a file, ``policy-search.toml``: where it is looked for, what may stand in it.

The environment and the options of a command win over it. Paths in it begin at its own folder.
"""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from indexer.errors import ConfigWrong
from indexer.light_dataclass import dataclass
from indexer.messages import of_system, said

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FILE_NAME: Final = "policy-search.toml"
_PATHS: Final = {"words": "POLICY_SEARCH_WORDS", "synonyms": "POLICY_SEARCH_SYNONYMS", "index": "POLICY_SEARCH_INDEX"}
KEYS: Final = (*_PATHS, "roots", "server")
_PATHS_OF_SERVER: Final = ("users", "saved")  # options of serve that are paths


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says; nothing if there is none."""

    file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)  # by the names of environment variables
    roots: tuple[Path, ...] = ()  # what rebuild reads when no path is given
    server: Mapping[str, Any] = field(default_factory=dict)  # options of serve, with _ for -


def read_config(environ: Mapping[str, str], server_options: Collection[str]) -> Config:
    """Read the file that ``POLICY_SEARCH_CONFIG`` names, else ``policy-search.toml`` here, if there is one.

    ``server_options``: the names that may stand under ``[server]``. Raises ``ConfigWrong``.
    """
    named = environ.get("POLICY_SEARCH_CONFIG")
    file = Path(named or FILE_NAME)
    if not named and not file.is_file():
        return Config()
    values = _parse(file)
    for key in values:
        if key not in KEYS:
            raise ConfigWrong(
                file, said("there is no key “%(key)s”; there are %(names)s", key=key, names=", ".join(KEYS))
            )
    folder = file.absolute().parent
    settings = {variable: str(folder / _text(file, values, key)) for key, variable in _PATHS.items() if key in values}
    return Config(file, settings, _roots(file, values), _server(file, values, server_options))


def _parse(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ConfigWrong(file, of_system(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigWrong(file, said("not TOML: %(why)s", why=str(error))) from error


def _text(file: Path, values: Mapping[str, Any], key: str) -> str:
    value = values[key]
    if not isinstance(value, str) or not value:
        raise ConfigWrong(
            file, said("%(key)s=%(value)s: expected a path in quotation marks", key=key, value=repr(value))
        )
    return value


def _roots(file: Path, values: Mapping[str, Any]) -> tuple[Path, ...]:
    roots = values.get("roots", [])
    if not isinstance(roots, list) or not all(isinstance(one, str) and one for one in roots):
        raise ConfigWrong(
            file,
            said('roots=%(value)s: expected a list of paths, such as ["pages", "more.jsonl.gz"]', value=repr(roots)),
        )
    return tuple(file.absolute().parent / one for one in roots)


def _server(file: Path, values: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    server = values.get("server", {})
    if not isinstance(server, dict):
        raise ConfigWrong(file, said("server: expected a table of options, [server]"))
    options = {name.replace("-", "_"): value for name, value in server.items()}
    for name in options:
        if name not in known:
            raise ConfigWrong(
                file,
                said("serve has no option “%(name)s”; there are %(names)s", name=name, names=", ".join(sorted(known))),
            )
    folder = file.absolute().parent
    return options | {name: str(folder / str(options[name])) for name in _PATHS_OF_SERVER if name in options}
