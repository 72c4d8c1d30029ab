"""Doors on paper in the console: sheets to count them on, keying them in twice, deciding what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.errors import Conflict, explanation
from app.fieldwork.paper import tallies as stored
from app.fieldwork.paper import words
from app.fieldwork.paper.forms import PrintTalliesForm, TallyForm
from app.fieldwork.paper.rules import BadForm
from app.fieldwork.paper.tallies import NUMBERS, TallyKey
from app.fieldwork.paper.views import KEPT, Place, place_of, shared
from app.fieldwork.rules import ChangedMeanwhile, UnknownVillage
from app.fieldwork.staff_views import blueprint
from app.i18n import DEFAULT
from app.installation import is_demonstration
from app.transactions import commits, transaction
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.download import download
from app.ui.links import done_at

_PAGE = "/dot/<code>/giay/<commune>/cua"


@blueprint.route(_PAGE, methods=["GET", "POST"])
def tallies(code: str, commune: str) -> ResponseReturnValue:
    """What is wrong is marked and everything stays; the second of two people is not shown the first's."""
    place = place_of(code, commune)
    form = _form(place)
    if not form.validate_on_submit():
        return _page(place, form), 400 if request.method == "POST" else 200
    row, by, now = place.line.row, current_actor().id, clock.now()
    head = {name: form[name].data or "" for name in KEPT}
    typed = {name: form[name].data or "" for name in NUMBERS}
    try:
        key, doors = stored.check_tally(row, head, typed, place.choices, now=now)
        with transaction():
            found = stored.key_tally(row, key, doors, by=by, now=now)
    except BadForm as error:
        for name in error.fields:
            form.refuse(name, words.tally_problem(name, row, place.today))
        return _page(place, form), 400
    except Conflict as error:
        form.form_errors.append(". ".join(explanation(409, error)))
        return _page(place_of(code, commune), form), 409
    if found:
        return done_at(".decide_tally", "tally-differs", code=code, commune=commune, sheet=key.text)
    word = "tally-keyed-once" if found is None else "tally-counted"
    return done_at(".tallies", word, code=code, commune=commune, collector=head["collector"], day=head["day"])


@blueprint.post(f"{_PAGE}/in")
def print_tallies(code: str, commune: str) -> ResponseReturnValue:
    """Sheets without a number: a collector, a village and a day are what tells one from another."""
    place, form = place_of(code, commune), PrintTalliesForm()
    if not form.validate():
        return _page(place, _form(place, empty=True), form), 400
    # Only who prints needs the library that draws, which takes twenty megabytes.
    from exports.tally_sheet import TallySheet, tally_sheet

    # Always Vietnamese, as the forms beside which it is filled in.
    with force_locale(DEFAULT):
        sheet = TallySheet(
            DEFAULT, place.line.row.title, place.name, words.tally_words(),
            demo=_("BẢN MINH HỌA") if is_demonstration() else "",
        )  # fmt: skip
    return download(f"bang-ke-{commune}.pdf", tally_sheet(sheet, int(form.sheets.data)), "application/pdf")


@blueprint.route(f"{_PAGE}/<sheet>", methods=["GET", "POST"])
def decide_tally(code: str, commune: str, sheet: str) -> ResponseReturnValue:
    """Number by number, with the sheet in hand."""
    place, key = place_of(code, commune), _key(sheet, commune)
    if request.method != "POST":
        return _decide_page(place, key)
    chosen = {name: request.form.get(name, "") for name in NUMBERS}
    seen, by = request.form.get("seen", ""), current_actor().id
    try:
        with transaction():
            stored.decide_tally(place.line.row, key, chosen, seen=seen, by=by, now=clock.now())
    except ChangedMeanwhile as error:
        # What was chosen was between other numbers.
        return _decide_page(place_of(code, commune), key, error.words(), keep=False), 409
    except Conflict as error:
        return _decide_page(place_of(code, commune), key, explanation(409, error)), 409
    return done_at(".tallies", "tally-counted", code=code, commune=commune)


@blueprint.post(f"{_PAGE}/<sheet>/bo")
@commits
def discard_tally(code: str, commune: str, sheet: str) -> ResponseReturnValue:
    place, key = place_of(code, commune), _key(sheet, commune)
    if not is_confirmed():
        return ask(
            Asked(
                title=_("Bỏ các lần nhập của bảng kê này?"),
                effects=(_("Những gì đã nhập bị xóa; tờ giấy vẫn nhập lại được từ đầu."),),
                undo=_("Không hoàn tác được: phải nhập lại từ tờ giấy."),
                action=_("Bỏ"),
                back=url_for(".tallies", code=code, commune=commune),
            )
        )
    stored.discard_tally(place.line.row, key, by=current_actor().id, now=clock.now())
    return done_at(".tallies", "tally-discarded", code=code, commune=commune)


def _key(sheet: str, commune: str) -> TallyKey:
    """Raises UnknownVillage for what is no sheet of the commune."""
    key = TallyKey.read(sheet, commune)
    if key is None:
        raise UnknownVillage(sheet)
    return key


def _form(place: Place, *, empty: bool = False) -> TallyForm:
    """Empty but for what the sheet before had, or as it was sent."""
    kept = {name: request.args.get(name, "")[:40] for name in KEPT}
    sent = request.method == "POST" and not empty
    form = TallyForm() if sent else TallyForm(formdata=None, **kept)
    form.village.choices = [("", ""), *place.choices.villages.items()]
    form.collector.choices = [("", ""), *place.choices.collectors.items()]
    return form


def _page(place: Place, form: TallyForm, printing: PrintTalliesForm | None = None) -> str:
    row = place.line.row
    return render_template(
        "console/fieldwork/tallies.html",
        place=place, line=place.line, row=row, form=form, numbers=NUMBERS,
        printing=printing or PrintTalliesForm(formdata=None, sheets="10"),
        progress=stored.tallies_of(row.code, place.commune), name=lambda key: _name(place, key), **shared(),
    )  # fmt: skip


def _name(place: Place, key: TallyKey) -> str:
    return words.tally_name(key, place.choices)


def _decide_page(place: Place, key: TallyKey, problems: Sequence[str] = (), *, keep: bool = True) -> str:
    unsettled = stored.get_unsettled_tally(place.line.row, key)
    given: Mapping[str, str] = request.form if keep else {}
    return render_template(
        "console/fieldwork/decide_tally.html",
        place=place, line=place.line, row=place.line.row, sheet=key.text, name=_name(place, key),
        problems=problems, differences=[words.tally_difference(item) for item in unsettled.differences],
        seen=unsettled.seen, given=given, **shared(),
    )  # fmt: skip
