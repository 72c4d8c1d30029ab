"""How often something may be tried. Counted in the database, exactly, however many workers there are.

Two buckets count failures independently: one for each account, one for each address. An account that is
full does not keep everybody out, or anybody could lock out anybody: it lowers what any one address may
still try there. The owner, elsewhere, has those tries.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import request
from sqlalchemy import case, update
from sqlalchemy.dialects import postgresql, sqlite

from app import keys
from app.accounts.models import Throttle
from app.errors import TooManyTries
from app.extensions import db
from app.transactions import transaction

WINDOW_SECONDS: Final = 15 * 60
ADDRESS_LIMIT: Final = 100
ACCOUNT_LIMIT: Final = 20
# What one address may still try at an account that others have filled.
GRACE_LIMIT: Final = 3
# Codes of authenticators tried after a right password. Only who knows the password comes so far, and a
# recovery code, which cannot be guessed, is never counted.
CODE_LIMIT: Final = 20
CODE_WINDOW_SECONDS: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class Bucket:
    """One counter: its key and the length of its window."""

    key: bytes
    seconds: int = WINDOW_SECONDS

    def window(self, now: datetime) -> int:
        return int(now.timestamp()) // self.seconds * self.seconds

    def retry_after(self, now: datetime) -> int:
        return self.window(now) + self.seconds - int(now.timestamp())


@dataclass(frozen=True, slots=True)
class Tries:
    """The counters of one try, already counted as a failure until it turns out well."""

    buckets: tuple[Bucket, ...]
    now: datetime

    def succeeded(self) -> None:
        """Takes the try back out of the counters: people who sign in rightly use nothing up."""
        with transaction():
            for bucket in self.buckets:
                db.session.execute(
                    update(Throttle)
                    .where(
                        Throttle.bucket == bucket.key,
                        Throttle.window_start == bucket.window(self.now),
                        Throttle.count > 0,
                    )
                    .values(count=Throttle.count - 1)
                )


def count_try(account: str, *, now: datetime) -> Tries:
    """Counts a try at an account before anything is verified. Raises TooManyTries."""
    at_address = _bucket("address", _address(), now)
    at_account = _bucket("account", account, now)
    at_both = _bucket("address and account", f"{_address()} {account}", now)
    buckets = (at_address, at_account, at_both)
    with transaction():
        address, of_account, both = (take(bucket, now=now) for bucket in buckets)
    if address > ADDRESS_LIMIT or (of_account > ACCOUNT_LIMIT and both > GRACE_LIMIT):
        raise TooManyTries(retry_after=at_account.retry_after(now))
    return Tries(buckets, now)


def count_address(*, now: datetime) -> Tries:
    """Counts a try that names no account, such as a code of an invitation. Raises TooManyTries."""
    bucket = _bucket("address", _address(), now)
    with transaction():
        count = take(bucket, now=now)
    if count > ADDRESS_LIMIT:
        raise TooManyTries(retry_after=bucket.retry_after(now))
    return Tries((bucket,), now)


def count_code(person: str, *, now: datetime) -> Tries:
    """Counts a code of an authenticator after the right password. Raises TooManyTries."""
    bucket = _bucket("code", person, now, CODE_WINDOW_SECONDS)
    with transaction():
        count = take(bucket, now=now)
    if count > CODE_LIMIT:
        raise TooManyTries(retry_after=bucket.retry_after(now))
    return Tries((bucket,), now)


def take(bucket: Bucket, *, now: datetime, times: int = 1) -> int:
    """Counts so many more and returns the count of this window, in one statement. Does not commit."""
    window = bucket.window(now)
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Throttle)
    counted = insert.values(bucket=bucket.key, window_start=window, count=times)
    # A worker whose clock is behind must not begin an old window anew.
    same = Throttle.window_start >= counted.excluded.window_start
    statement = counted.on_conflict_do_update(
        index_elements=[Throttle.bucket],
        set_={
            "count": case((same, Throttle.count + times), else_=times),
            "window_start": case((same, Throttle.window_start), else_=counted.excluded.window_start),
        },
    ).returning(Throttle.count)
    count: int = db.session.execute(statement).scalar_one()
    return count


def _bucket(kind: str, name: str, now: datetime, seconds: int = WINDOW_SECONDS) -> Bucket:
    """The key holds the day: tomorrow nobody can tell that the same address came again."""
    text = f"{now.date().isoformat()} {kind} {name}"
    return Bucket(hmac.digest(keys.signing_key("throttle"), text.encode(), "sha256"), seconds)


def _address() -> str:
    """The address of the connection, or what PROXY_HOPS says about the proxies in front of it.

    Of IPv6 only the network: whoever has one has 2^64 addresses.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
