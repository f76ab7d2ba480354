"""Who may ask at all, where the operator keeps a file of users: HTTP Basic, with passwords kept as hashes.

A line of the file is ``name:hash`` as werkzeug writes it (scrypt); ``policy-search add-user`` adds one. A wrong name
takes as long as a wrong password, and an address that guesses is made to wait.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import re
import secrets
import threading
from pathlib import Path

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized
from werkzeug.security import check_password_hash, generate_password_hash

from indexer.errors import InputError, OperatorError, PathUnreadable, PathUnwritable
from indexer.exporting.whole_file import whole_file
from indexer.light_dataclass import dataclass
from indexer.messages import Words, of_system, said
from webui.server.proxies import is_relayed
from webui.server.rate_limit import Limiter

NAME = re.compile(r"[^\s:#\x00-\x1f\x7f][^:\x00-\x1f\x7f]{0,99}")
MIN_PASSWORD_CHARS = 10
GUESSES_PER_MINUTE = 10  # of one address
_REMEMBERED = 1_024  # right answers whose hash need not be reckoned again: 50 ms and 32 MB each time without
OPEN_TO_ALL = frozenset({"/healthz", "/readyz", "/livez"})


class UsersUnreadable(OperatorError):
    """The file of users cannot be used."""

    def __init__(self, path: Path, why: Words) -> None:
        super().__init__(
            said(
                "Cannot use the users in %(path)s: %(why)s. Add one: policy-search add-user %(path)s NAME",
                path=str(path),
                why=why,
            )
        )


class UserRefused(InputError):
    """A name or password that cannot be taken."""


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: tuple[int, int, int]
    hashes: dict[str, str]


def read_users(path: Path) -> dict[str, str]:
    """Return each user's hash; raises ``UsersUnreadable``."""
    try:
        lines = path.read_text("utf-8").splitlines()
        is_open = os.name == "posix" and path.stat().st_mode & 0o022
    except (OSError, UnicodeDecodeError) as error:
        why = of_system(error) if isinstance(error, OSError) else said("it is not UTF-8")
        raise UsersUnreadable(path, why) from error
    if is_open:
        raise UsersUnreadable(path, said("others can write to it (chmod 600 %(path)s)", path=str(path)))
    users: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, hashed = line.strip().partition(":")
        if not colon or not NAME.fullmatch(name) or hashed.count("$") != 2:
            raise UsersUnreadable(path, said("line %(number)s is not a name, a colon and a hash", number=str(number)))
        users[name] = hashed
    if not users:
        raise UsersUnreadable(path, said("it names nobody"))
    return users


def add_user(path: Path, name: str, password: str) -> None:
    """Write a user's line, in place of an older one of the same name; other lines stay as they are.

    Raises ``UserRefused``, ``PathUnreadable`` if the file is not UTF-8, and ``PathUnwritable``.
    """
    if not NAME.fullmatch(name):
        raise UserRefused(said("A name has 1 to 100 characters, no colon, and does not begin with # or a space"))
    if len(password) < MIN_PASSWORD_CHARS:
        raise UserRefused(said("A password has at least %(count)s characters", count=str(MIN_PASSWORD_CHARS)))
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
    except OSError as error:
        raise PathUnwritable(path, of_system(error)) from error
    except UnicodeDecodeError as error:
        raise PathUnreadable(path, said("it is not UTF-8")) from error
    kept = [line for line in lines if line.partition(":")[0].strip() != name]
    with whole_file(path) as place:
        place.touch(mode=0o600, exist_ok=False)
        place.write_text("\n".join([*kept, f"{name}:{generate_password_hash(password)}"]) + "\n", "utf-8")


class SignIn:
    """Lets through who has a name and password of the file, which is read again when it changes."""

    def __init__(self, path: Path, *, over_http: bool) -> None:
        self._path = path
        self._over_http = over_http
        self._guesses = Limiter(GUESSES_PER_MINUTE)
        self._nobody = generate_password_hash(secrets.token_hex())  # reckoned for names that are not there
        self._key = secrets.token_bytes(32)
        self._right: set[bytes] = set()
        self._lock = threading.Lock()
        self._held = _Held((0, 0, 0), {})
        self._users()

    def check(self) -> str | None:
        """Return who asks, None where anybody may; raises the HTTP error for a request that may not be answered."""
        if request.path in OPEN_TO_ALL:
            return None
        if not (self._over_http or request.is_secure or _is_from_here()):
            raise Forbidden("This server takes passwords over https only.")
        given = request.authorization
        if not given or given.type != "basic" or given.username is None or given.password is None:
            raise _unauthorized()
        users = self._users()
        digest = hmac.digest(self._key, f"{given.username}\0{given.password}".encode("utf-8", "replace"), "sha256")
        if digest in self._right:
            return given.username
        if wait := self._guesses.seconds_left(request.remote_addr or ""):
            raise TooManyRequests("Too many wrong passwords from this address.", retry_after=wait)
        hashed = users.get(given.username)
        if not check_password_hash(hashed or self._nobody, given.password) or hashed is None:
            self._guesses.seconds_to_wait(request.remote_addr or "")
            raise _unauthorized()
        with self._lock:
            if len(self._right) >= _REMEMBERED:
                self._right.clear()
            self._right.add(digest)
        return given.username

    def form_token(self, user: str) -> str:
        """Return what proves that a form was shown to this user: the same everywhere until the password changes."""
        hashed = self._users().get(user, self._nobody)
        return hmac.digest(hashed.encode(), b"form", "sha256").hex()[:32]

    def _users(self) -> dict[str, str]:
        """Return the users as the file has them now; a file that has become wrong lets nobody in, and says why."""
        try:
            found = self._path.stat()
        except OSError as error:
            raise UsersUnreadable(self._path, of_system(error)) from error
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        with self._lock:
            if self._held.stamp != stamp:
                self._right.clear()
                self._held = _Held(stamp, read_users(self._path))
            return self._held.hashes


def _unauthorized() -> Unauthorized:
    challenge = WWWAuthenticate("basic", {"realm": "policy-search", "charset": "UTF-8"})
    return Unauthorized("A name and password are needed here.", www_authenticate=challenge)


def _is_from_here() -> bool:
    """Return whether the visitor sits at this machine: no proxy between that we were not told of."""
    if is_relayed(request.environ):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
