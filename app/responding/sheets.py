"""The sheet that a person is looking at: which questionnaire, about whom, by which way."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape
from typing import Any, TypeVar, cast

from flask import current_app

from app.catalogue.queries import current_questionnaire, get_questionnaire
from app.directory.queries import find_agency, find_procedure, get_agency, get_procedure
from app.dossiers.queries import LinkView
from app.installation import is_demonstration
from surveys.questionnaire import Questionnaire
from surveys.scoring import Channel, Phase

T = TypeVar("T")
OPEN_QUESTIONNAIRE = "COT_LOI"
KEPT_SECONDS = 60.0
KEPT_ENTRIES = 5_000


@dataclass(frozen=True, eq=False)
class Sheet:
    """`phase` is None on an open form, where the answers tell it; `one_time`: reached by a one-time link."""

    questionnaire: Questionnaire
    agency: str
    agency_name: str
    procedure: str | None
    procedure_name: str
    phase: Phase | None
    channel: str
    one_time: bool
    # Whether the page must say that everything here is illustration.
    demonstration: bool
    # Finished pages of this sheet but for id and time, filled by `app/responding/pages.py`.
    pages: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def names(self) -> str:
        """Whom the answers are about, as HTML."""
        lines = f"<b>{escape(self.agency_name)}</b>" if self.agency_name else ""
        lines += f"<span>{escape(self.procedure_name)}</span>" if self.procedure_name else ""
        return f'<p class="for" lang="vi">{lines}</p>' if lines else ""


def open_sheet(agency: str, procedure: str | None, *, poster: bool, on: date) -> Sheet:
    """The open form of an agency, kept for a minute. Raises NotFound for an unknown agency or procedure."""
    channel = Channel.QR if poster else Channel.WEB

    def build() -> Sheet:
        view = get_agency(agency, on)
        service = get_procedure(procedure) if procedure is not None else None
        return Sheet(
            questionnaire=current_questionnaire(OPEN_QUESTIONNAIRE),
            agency=view.code,
            agency_name=agency_title(view.name, view.province_name),
            procedure=procedure,
            procedure_name=service.name if service else "",
            phase=None,
            channel=channel.value,
            one_time=False,
            demonstration=is_demonstration(),
        )

    return kept(("open", agency, procedure, channel, on), build)


def link_sheet(link: LinkView, *, on: date) -> Sheet:
    """The sheet of a one-time link. What its batch stands for is kept for a minute."""

    def build() -> Sheet:
        view = find_agency(link.agency, on)
        service = find_procedure(link.procedure) if link.procedure else None
        return Sheet(
            questionnaire=get_questionnaire(link.questionnaire, link.version),
            agency=link.agency,
            agency_name=agency_title(view.name, view.province_name) if view else "",
            procedure=link.procedure,
            procedure_name=service.name if service else "",
            phase=Phase(link.phase),
            channel=link.channel,
            one_time=True,
            demonstration=is_demonstration(),
        )

    return kept(("batch", link.batch, on), build)


def agency_title(name: str, province_name: str) -> str:
    """The agency with its province, unless its own name says it."""
    return name if not province_name or province_name in name else f"{name}, {province_name}"


def kept(key: Hashable, build: Callable[[], T]) -> T:
    """What `build` gives, asked again after a minute; a failure is not kept."""
    cache: dict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault("responding_kept", {})
    moment = time.monotonic()
    known = cache.get(key)
    if known is not None and moment < known[0]:
        return cast(T, known[1])
    value = build()
    if len(cache) >= KEPT_ENTRIES:
        cache.clear()
    cache[key] = (moment + KEPT_SECONDS, value)
    return value
