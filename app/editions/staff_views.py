"""Editions in the console: which periods are open, due, drafted, published; one with its objections."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity import NATION_SCOPE, current_actor
from app.accounts.places import find_places
from app.accounts.queries import names_of
from app.accounts.roles import Permission
from app.approvals.kinds import Kind
from app.approvals.queries import find_waiting
from app.editions import staff_words
from app.editions.document_acts import find_documents
from app.editions.lateness import late_today
from app.editions.listing import PublishedFigures, frozen, get_edition, info_of, list_editions
from app.editions.models import Edition
from app.editions.objections import list_objections
from app.editions.queries import get_quarterly_report
from app.editions.revisions import revisions_of
from app.editions.rules import UnknownEdition
from app.editions.sending import page_helpers
from app.editions.staff_forms import AnswerForm, ObjectionForm
from app.editions.staff_queries import list_periods, newest_revision, require_reach
from app.editions.work import State, list_work
from app.i18n import current_language
from app.results.pages import place_page
from app.results.presenters import SORTS
from app.ui.download import download
from surveys.editions import EditionCode
from surveys.figures import NATION
from surveys.periods import Locale, local_day

blueprint = Blueprint("editions_staff", __name__, url_prefix="/quan-tri/ky-cong-bo")
PDF = "application/pdf"
REFRESH_SECONDS = 10
MOST_CELLS = 20
FOLLOW = "tu-dong"
FOLLOWED = (State.WAITING, State.RUNNING)


@blueprint.get("")
def editions() -> ResponseReturnValue:
    work = list_work()
    follows = FOLLOW in request.args and any(item.state in FOLLOWED for item in work)
    return render_template(
        "console/editions/editions.html",
        periods=list_periods(clock.now()),
        work=work,
        refresh=REFRESH_SECONDS if follows else 0,
        may_close=may_close(),
        **shared(),
    )


@blueprint.get("/<edition>")
def edition(edition: str) -> ResponseReturnValue:
    return page_of(get_edition(edition))


@blueprint.get("/<edition>/so-lieu/<place>")
def figures(edition: str, place: str) -> ResponseReturnValue:
    """The public page of a place as it would be, with the mark of a draft."""
    found = _draft_for(edition, place)
    locale: Locale = "en" if current_language() == "en" else "vi"
    code = EditionCode.parse(found.code)
    source = PublishedFigures(found)
    page = place_page(source, place, code.period, kind="", sort=SORTS[0], locale=locale)
    return render_template(
        "console/editions/figures.html",
        page=page,
        edition=info_of(found),
        row=found,
        late=frozen(found).late_note(page.figures.place.code),
        revisions=revisions_of(found, source.published),
        address=code.period.code,
        **{**page_helpers(), "here": _here(found.code)},
    )


@blueprint.get("/<edition>/so-lieu/<place>.pdf")
def report(edition: str, place: str) -> Response:
    """Raises UnknownEdition for a month or a week: only quarters have reports."""
    found = _draft_for(edition, place)
    if found.kind != "quarter":
        raise UnknownEdition(edition)
    # The document library is large, and no other page of the console needs it.
    from exports.quarterly import render_quarterly

    content = render_quarterly(get_quarterly_report(place, found, now=clock.now()))
    return download(f"du-thao-{found.code}-{place}.pdf", content, PDF)


def _draft_for(code: str, place: str) -> Edition:
    """Raises UnknownPlace for a place out of reach, UnknownEdition for no edition."""
    found = get_edition(code)
    require_reach(current_actor(), Permission.EDITIONS_READ, place)
    return found


def _here(edition: str) -> Any:
    """Links between places stay in the draft; others lead where they always lead."""

    def here(endpoint: str, **values: Any) -> str:
        if endpoint in ("editions.place", "editions.period"):
            return url_for(".figures", edition=edition, place=values.get("place") or NATION)
        return str(page_helpers()["here"](endpoint, **values))  # type: ignore[operator]  # it is a function

    return here


def may_close() -> bool:
    return may_everywhere(Permission.EDITIONS_CLOSE)


def may_everywhere(permission: Permission) -> bool:
    return NATION_SCOPE in current_actor().scopes(permission)


def page_of(
    row: Edition, objecting: ObjectionForm | None = None, answering: tuple[str, AnswerForm] | None = None
) -> str:
    """The page of one edition, also when a form has to be corrected."""
    actor = current_actor()
    objections = list_objections(row.code, actor.scopes(Permission.EDITIONS_READ))
    people = {person for item in objections for person in (item.written_by, item.answered_by) if person}
    is_draft, is_newest = row.published_at is None, newest_revision(row, list_editions())
    reads_nation = NATION_SCOPE in actor.scopes(Permission.EDITIONS_READ)
    # Who may not read all tallies would count the own ones alone.
    asks_late = row.kind == "quarter" and is_newest and reads_nation
    late = late_today(row, local_day(clock.now())) if asks_late else None
    objecting = objecting or ObjectionForm(formdata=None, place=_own_place())
    return render_template(
        "console/editions/edition.html",
        row=row,
        objections=objections,
        places=find_places({item.agency for item in objections}),
        objecting=objecting if is_draft and actor.may(Permission.EDITIONS_OBJECT) else None,
        answering=answering,
        blank=AnswerForm(formdata=None),
        may_close=may_close(),
        documents=find_documents(row),
        late=late,
        late_cells=staff_words.cell_words(late.obliging[:MOST_CELLS]) if late else (),
        may_make=may_everywhere(Permission.EDITIONS_PUBLISH),
        may_revise=may_close() and not is_draft and is_newest,
        waiting=find_waiting(Kind.PUBLISH_EDITION, row.code) if is_draft else None,
        own=_own_place() or NATION,
        reads_nation=reads_nation,
        names=names_of({*people, row.closed_by, *([row.published_by] if row.published_by else [])}),
        **shared(),
    )


def _own_place() -> str:
    """Where somebody answers for one place only, there is nothing to choose."""
    scopes = set(current_actor().scopes(Permission.EDITIONS_READ)) - {NATION_SCOPE}
    asked = request.args.get("noi", "")[:40]
    return asked or (next(iter(scopes)) if len(scopes) == 1 else "")


def shared() -> dict[str, Any]:
    return {
        "period_words": staff_words.period_words,
        "edition_label": staff_words.edition_label,
        "edition_words": staff_words.edition_words,
        "kind_words": staff_words.kind_words,
        "state_words": staff_words.state_words,
        "next_words": staff_words.next_words,
        "step_words": staff_words.step_words,
        "messages": staff_words.messages(),
        "today": local_day(clock.now()),
    }
