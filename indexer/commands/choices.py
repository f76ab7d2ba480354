"""What the operator chose, by option, environment and file, and who of them chose each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from indexer.commands.config_file import read_config
from indexer.commands.language import LANGUAGE, LANGUAGES
from indexer.errors import SettingWrong
from indexer.light_dataclass import dataclass
from indexer.messages import said
from indexer.settings import DEFAULT_INDEX, read_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from indexer.commands.config_file import Config
    from indexer.messages import Words
    from indexer.settings import Settings

PREFIX: Final = "POLICY_SEARCH"  # of environment variables
ROOTS: Final = (
    "policy_search.roots"  # key of the paths that a rebuild reads when none is given, in a context's ``meta``
)
_DEFAULT: Final = said("default")
_SHOWN: Final = ("INDEX", "WORDS", "SYNONYMS", "ENGINE")  # all others may hold passwords


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that holds."""

    name: str
    value: str
    by: Words  # the option, variable or file that made it; "default" where nobody did


@dataclass(frozen=True, slots=True)
class Chosen:
    """All that holds."""

    settings: Settings
    config: Config
    choices: tuple[Choice, ...]


def choose(index: Path | None, environ: Mapping[str, str], server_options: Mapping[str, Any]) -> Chosen:
    """Put all choices together: an option wins over the environment, that over the file.

    ``server_options``: the options of ``serve`` with their defaults. Raises ``ConfigWrong`` and ``SettingWrong``.
    """
    config = read_config(environ, server_options)
    given = {name: value for name, value in environ.items() if name.startswith(f"{PREFIX}_") and value}
    settings = read_settings({**config.settings, **given} | ({f"{PREFIX}_INDEX": str(index)} if index else {}))
    choices = (
        *_of_settings(index, given, config),
        _of_language(given),
        *_of_secrets(given),
        Choice("roots", ", ".join(map(str, config.roots)) or "corpus", str(config.file) if config.roots else _DEFAULT),
        *_of_server(config, server_options),
    )
    return Chosen(settings, config, choices)


def _of_settings(index: Path | None, given: Mapping[str, str], config: Config) -> Iterator[Choice]:
    for part in _SHOWN:
        name, variable = part.lower(), f"{PREFIX}_{part}"
        if index and part == "INDEX":
            yield Choice(name, str(index), said("option %(name)s", name="--index"))
        elif variable in given:
            yield Choice(name, given[variable], said("environment %(name)s", name=variable))
        elif variable in config.settings:
            yield Choice(name, config.settings[variable], str(config.file))
        else:
            defaults = {"INDEX": str(DEFAULT_INDEX), "ENGINE": "whoosh"}
            yield Choice(name, defaults.get(part, ""), _DEFAULT)


def _of_language(given: Mapping[str, str]) -> Choice:
    if (chosen := given.get(LANGUAGE)) is None:
        return Choice("language", "", said("the locale"))
    if chosen not in LANGUAGES:
        raise SettingWrong(LANGUAGE, chosen, said("expected zh or en"))
    return Choice("language", chosen, said("environment %(name)s", name=LANGUAGE))


def _of_secrets(given: Mapping[str, str]) -> Iterator[Choice]:
    for variable in sorted(given):
        part = variable.removeprefix(f"{PREFIX}_")
        if part not in (*_SHOWN, "CONFIG", "LANGUAGE"):
            yield Choice(part.lower(), "(set)", said("environment %(name)s", name=variable))


def _of_server(config: Config, options: Mapping[str, Any]) -> Iterator[Choice]:
    for name, default in sorted(options.items()):
        if name in config.server:
            yield Choice(f"server.{name}", _said(config.server[name]), str(config.file))
        else:
            yield Choice(f"server.{name}", _said(default), _DEFAULT)


def _said(value: object) -> str:
    if value is None or value is False or value == ():
        return ""
    return "yes" if value is True else ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def server_options(names: Collection[Any]) -> dict[str, Any]:
    """Return the options among a command's parameters with their defaults; click marks those without one by a sign."""
    return {
        one.name: one.default if isinstance(one.default, str | int | bool) else None
        for one in names
        if one.param_type_name == "option"
    }
