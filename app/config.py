"""Configuration: read once from the environment, typed, frozen and handed to the factory."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Minutes without a click, and minutes in all, after which a member of staff signs in again, by role.
STAFF_SESSION_MINUTES = "default=30/720, auditor=15/480, operator=15/480"


class ConfigurationError(Exception):
    """The environment lacks a value, or holds one that would be unsafe. The message names the variable."""


@dataclass(frozen=True)
class Config:
    """Everything that an operator may decide. Durations are seconds, sizes are bytes."""

    database_url: str
    secret_key: str
    data_dir: Path
    environment: str = "production"
    secret_key_fallbacks: tuple[str, ...] = ()
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    staff_host: str = ""
    staff_session_minutes: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: _minutes_by_role(STAFF_SESSION_MINUTES)
    )
    # A password older than this many days must be changed before anything else; 0 for never.
    staff_password_days: int = 0
    # An OpenID Connect provider at which staff may show the first factor; without an issuer there is none.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    # What it is called on the page of signing in.
    oidc_name: str = ""
    # Values of `acr` or `amr` with which the provider says that it has seen a second factor, too.
    oidc_second_factor_acr: tuple[str, ...] = ()
    redis_url: str = ""
    # An agency's open form may receive this many answers a minute; further ones are set aside for review.
    open_answers_per_minute: int = 60
    # Unknown tokens share one budget for the whole service: guessing is slow, and no address is remembered.
    unknown_tokens_per_minute: int = 300
    # A person cannot read and answer faster than this; quicker answers are kept and set aside for review.
    minimum_fill_seconds: int = 4
    # A contact that was left for a reply is deleted this many days after it was left.
    contact_days: int = 180
    # What became of a contact can be read by its owner for so many days, then it is deleted before its time.
    contact_done_days: int = 30
    # Contacts that one agency may be left in a minute; who comes then is asked to send once more.
    contacts_per_minute: int = 30
    # Records of field work that one process takes in a minute, from one telephone and from all of them; who
    # sends more is told when to come back.
    field_records_per_device: int = 120
    field_records_per_minute: int = 3_000
    # Records that one process takes in at one moment, half of what its threads could: the other half says to
    # the rest when to come back, and serves everybody else.
    field_records_at_once: int = 16
    # Words and voices for telephones, in pieces of 64 kB, that one process gives out in a minute: to one
    # telephone, and to all of them, so that no voice stands in the way of records.
    field_pieces_per_device: int = 100
    field_pieces_per_minute: int = 3_000
    # A record that lies aside and that nobody takes in is deleted this many days after it came.
    field_aside_days: int = 180
    # For so long one process keeps the public pages that it has just sent; 0 for never.
    micro_cache_seconds: int = 0
    maximum_body: int = 64 * 1024
    # A file of answers that staff upload.
    upload_megabytes: int = 100

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def maximum_upload(self) -> int:
        """The file and the rest of its form."""
        return self.upload_megabytes * 1024 * 1024 + self.maximum_body

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Config:
        """Reads the environment. Raises ConfigurationError that names the variable to set."""
        environment = environ.get("HAILONG_ENV", "production")
        data_dir = Path(environ.get("DATA_DIR", "data")).resolve()
        return cls(
            environment=environment,
            data_dir=data_dir,
            database_url=_database_url(environ.get("DATABASE_URL", ""), data_dir),
            secret_key=_secret_key(environ.get("SECRET_KEY", ""), environment, data_dir),
            secret_key_fallbacks=_words(environ.get("SECRET_KEY_FALLBACKS", "")),
            base_url=environ.get("BASE_URL", cls.base_url).rstrip("/"),
            trusted_hosts=_words(environ.get("TRUSTED_HOSTS", "")),
            proxy_hops=_whole(environ, "PROXY_HOPS", cls.proxy_hops),
            staff_host=environ.get("STAFF_HOST", ""),
            staff_session_minutes=_minutes_by_role(
                environ.get("STAFF_SESSION_MINUTES") or STAFF_SESSION_MINUTES
            ),
            staff_password_days=_whole(environ, "STAFF_PASSWORD_DAYS", cls.staff_password_days),
            **_oidc(environ, environment),
            redis_url=environ.get("REDIS_URL", ""),
            open_answers_per_minute=_whole(environ, "OPEN_ANSWERS_PER_MINUTE", cls.open_answers_per_minute),
            unknown_tokens_per_minute=_whole(
                environ, "UNKNOWN_TOKENS_PER_MINUTE", cls.unknown_tokens_per_minute
            ),
            minimum_fill_seconds=_whole(environ, "MINIMUM_FILL_SECONDS", cls.minimum_fill_seconds),
            contact_days=_whole(environ, "CONTACT_DAYS", cls.contact_days),
            contact_done_days=_whole(environ, "CONTACT_DONE_DAYS", cls.contact_done_days),
            contacts_per_minute=_whole(environ, "CONTACTS_PER_MINUTE", cls.contacts_per_minute),
            field_records_per_device=_whole(
                environ, "FIELD_RECORDS_PER_DEVICE", cls.field_records_per_device
            ),
            field_records_per_minute=_whole(
                environ, "FIELD_RECORDS_PER_MINUTE", cls.field_records_per_minute
            ),
            field_pieces_per_device=_whole(environ, "FIELD_PIECES_PER_DEVICE", cls.field_pieces_per_device),
            field_pieces_per_minute=_whole(environ, "FIELD_PIECES_PER_MINUTE", cls.field_pieces_per_minute),
            field_records_at_once=_whole(environ, "FIELD_RECORDS_AT_ONCE", cls.field_records_at_once),
            field_aside_days=_whole(environ, "FIELD_ASIDE_DAYS", cls.field_aside_days),
            micro_cache_seconds=_whole(environ, "MICRO_CACHE_SECONDS", 2),
            upload_megabytes=_whole(environ, "UPLOAD_MEGABYTES", cls.upload_megabytes),
        )


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'hailong.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("DATABASE_URL phải bắt đầu bằng postgresql:// hoặc sqlite:///.")
    return url


def _secret_key(key: str, environment: str, data_dir: Path) -> str:
    """A development machine keeps a random key beside its data; production needs one (refusals.py)."""
    if key or environment == "production":
        return key
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _oidc(environ: Mapping[str, str], environment: str) -> dict[str, Any]:
    """All three of issuer, id and secret, or none of them."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    given = {name: environ.get(name, "").strip() for name in names}
    missing = [name for name, value in given.items() if not value]
    if missing and len(missing) < len(names):
        raise ConfigurationError(f"Thiếu {', '.join(missing)}: đăng nhập chung (OIDC) cần đủ cả ba.")
    if (
        environment == "production"
        and given["OIDC_ISSUER"]
        and not given["OIDC_ISSUER"].startswith("https://")
    ):
        raise ConfigurationError("OIDC_ISSUER phải bắt đầu bằng https://.")
    return {
        **{name.lower(): value for name, value in given.items()},
        "oidc_name": environ.get("OIDC_NAME", "").strip(),
        "oidc_second_factor_acr": _words(environ.get("OIDC_SECOND_FACTOR_ACR", "")),
    }


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _minutes_by_role(text: str) -> dict[str, tuple[int, int]]:
    """`default=30/720, operator=15/480`: idle and absolute limits in minutes."""
    limits = {}
    for word in _words(text):
        found = re.fullmatch(r"([a-z-]+)=([1-9][0-9]*)/([1-9][0-9]*)", word)
        if found is None:
            raise ConfigurationError(
                f"STAFF_SESSION_MINUTES phải viết như “{STAFF_SESSION_MINUTES}”, không phải “{word}”."
            )
        limits[found[1]] = (int(found[2]), int(found[3]))
    if "default" not in limits:
        raise ConfigurationError("STAFF_SESSION_MINUTES phải có mục default, ví dụ default=30/720.")
    return limits


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise ConfigurationError(f"{name} phải là số nguyên không âm, không phải “{text}”.")
    return int(text)
