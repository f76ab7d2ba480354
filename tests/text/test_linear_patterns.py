"""Every regular expression of the package takes time in proportion to the text, whatever the text repeats.

Pages come from strangers: a pattern that tries each start against each end stops a rebuild for hours.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import pkgutil
import re
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

import indexer
import webui
from indexer.text.patterns import lazily

_SMALL, _LARGE = 4_000, 32_000  # characters
_QUICK_SECONDS = 0.0012  # for _SMALL; what is quadratic takes 4 ms and more, 2 on a fast machine
_GROWTH = 3.0  # times what linear growth would give; quadratic growth over the next step of 8 gives 8
_STEP = 8
_TICK_SECONDS = 0.004  # of the coarsest processor clocks
_ENOUGH_SECONDS = 2.0  # a step that would take longer is not taken
_MOST_SECONDS = 1.0  # of one search
_MOST_SUSPECTS = 3  # texts of one pattern that are tried at full length
_MOST_CHARACTERS = 14  # of its own that a pattern is tried with
_MOST_PREFIXES = 10
_SHARES = 8  # of the patterns, tried by several processes at once

_LAZY = type(lazily("x"))
_EVERYWHERE = (" ", "\n", "0", "a", "中")


def patterns_of(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value: alone, in containers, or in the fields of one of our objects."""
    if isinstance(value, re.Pattern):
        yield value
    elif type(value) is _LAZY:
        lazy: Any = value
        yield re.compile(lazy._source, lazy._flags)
    elif depth < 4 and isinstance(value, Mapping):
        yield from (one for part in (*value.keys(), *value.values()) for one in patterns_of(part, depth + 1))
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        yield from (one for part in value for one in patterns_of(part, depth + 1))
    elif depth < 4 and type(value).__module__.startswith(("indexer", "webui")):
        names = [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]
        yield from (one for name in names for one in patterns_of(getattr(value, name, None), depth + 1))
    elif isinstance(value, type) and depth == 0 and value.__module__.startswith(("indexer", "webui")):
        yield from (one for part in vars(value).values() for one in patterns_of(part, depth + 1))


def all_patterns() -> dict[str, re.Pattern[Any]]:
    """Return every compiled pattern of the package by the module and name that it was found under."""
    found: dict[tuple[Any, int], tuple[str, re.Pattern[Any]]] = {}
    for package in (indexer, webui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                for at, pattern in enumerate(patterns_of(value)):
                    found.setdefault((pattern.pattern, pattern.flags), (f"{module.name}.{name}[{at}]", pattern))
    return dict(found.values())


def _characters(parsed: Any, found: dict[str, None]) -> None:
    """Collect what single characters a pattern speaks of."""
    for operator, argument in parsed:
        name = str(operator)
        if name in ("LITERAL", "NOT_LITERAL"):
            found[chr(argument)] = None
        elif name == "RANGE":
            found[chr(argument[0])] = None
        elif name == "CATEGORY":
            found[{"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": "\u3000"}.get(str(argument), "印")] = None
        else:
            for part in argument if isinstance(argument, tuple | list) else ():
                for inner in part if isinstance(part, list) else [part]:
                    if isinstance(inner, re._parser.SubPattern):
                        _characters(inner, found)
            if name == "IN":
                _characters(argument, found)


def _sample(parsed: Any) -> str:
    """Write something that a pattern about matches: each part once, the first of each choice."""
    written = ""
    for operator, argument in parsed:
        name = str(operator)
        if name == "LITERAL":
            written += chr(argument)
        elif name in ("ANY", "NOT_LITERAL"):
            written += "印"
        elif name == "IN":
            found: dict[str, None] = {}
            _characters(argument, found)
            negated = str(argument[0][0]) == "NEGATE"
            written += next(iter(found), "印") if not negated else next((c for c in "印a0之" if c not in found), "")
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            written += _sample(argument[2]) * max(1, min(argument[0], 4))
        elif name == "BRANCH":
            written += _sample(argument[1][0])
        elif name == "SUBPATTERN":
            written += _sample(argument[3])
        elif name == "ATOMIC_GROUP":
            written += _sample(argument)
    return written


def texts_for(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """Yield a head and a piece to repeat after it, such as may keep a pattern busy."""
    source = pattern.pattern
    parsed = re._parser.parse(source, pattern.flags & ~re.DEBUG)
    characters: dict[str, None] = {}
    _characters(parsed, characters)
    own = [*dict.fromkeys((*list(characters)[:_MOST_CHARACTERS], *_EVERYWHERE))]
    sample = _sample(parsed)[:60]
    yield from (("", one) for one in own)
    ends = sorted({1 + at * max(1, len(sample) - 1) // _MOST_PREFIXES for at in range(_MOST_PREFIXES + 1)})
    yield from (("", sample[:end]) for end in ends if 1 < end <= len(sample))
    yield from ((sample[: len(sample) // 2], one) for one in own[:6])
    yield from (("", first + second) for first, second in itertools.pairwise(own))


def seconds(pattern: re.Pattern[Any], head: str, piece: str, size: int) -> float:
    """Return the time of finding all in a text of about so many characters.

    The lesser of two clocks: the wall's runs on while others work, the processor's may tick in steps of 4 ms.
    """
    text = head + piece * (size // len(piece)) + "\x00"
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    began, ticked = time.perf_counter(), time.process_time()
    try:
        with _interrupted_after(_MOST_SECONDS):
            for _ in pattern.finditer(subject):
                pass
            pattern.fullmatch(subject)
    except TimeoutError:
        return 10 * _MOST_SECONDS
    return min(time.perf_counter() - began, time.process_time() - ticked + _TICK_SECONDS)


@contextmanager
def _interrupted_after(seconds_: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in a search that takes for ever; the engine looks for signals now and then."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds_)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def slow_text(pattern: re.Pattern[Any]) -> str:
    """Return the text that a pattern is slow on and how its time grew; "" when all is well."""
    timed = []
    for head, piece in texts_for(pattern):
        timed.append((seconds(pattern, head, piece, _SMALL), head, piece))
        if timed[-1][0] > _MOST_SECONDS:
            return f"{head!r} + {piece!r} × n: more than {_MOST_SECONDS:.0f} s at {_SMALL:,} characters"
    suspects = sorted((one for one in timed if one[0] > _QUICK_SECONDS), reverse=True)[:_MOST_SUSPECTS]
    for at, (_, head, piece) in enumerate(suspects):
        before = min(seconds(pattern, head, piece, _SMALL) for _ in range(2))
        size = _SMALL
        while size * _STEP <= _LARGE and (at == 0 or size == _SMALL) and before < _ENOUGH_SECONDS / _STEP:
            size *= _STEP
            now = seconds(pattern, head, piece, size)
            if now > _GROWTH * _STEP * max(before, _QUICK_SECONDS):  # once more: the machine may have been busy
                now = min(now, seconds(pattern, head, piece, size))
            if now > _GROWTH * _STEP * max(before, _QUICK_SECONDS):
                return f"{head!r} + {piece!r} × n: {before * 1000:.1f} → {now * 1000:.1f} ms at {size:,} characters"
            before = now
    return ""


def test_every_pattern_is_found() -> None:
    assert len(all_patterns()) > 150


@pytest.mark.parametrize("share", range(_SHARES))
def test_every_pattern_takes_linear_time(share: int) -> None:
    patterns = sorted(all_patterns().items(), key=lambda one: one[0])[share::_SHARES]
    gc.disable()
    try:
        slow = {name: told for name, pattern in patterns if (told := slow_text(pattern))}
    finally:
        gc.enable()
    assert not slow, "\n".join(f"{name}: {text}" for name, text in slow.items())


@pytest.mark.parametrize("source", [r"\s+$", r"印+号", r"[^〔]+〔", r"(?:a|aa)+b", r"\d*-\d*-x"])
def test_the_test_notices_what_is_not_linear(source: str) -> None:
    assert slow_text(re.compile(source))
