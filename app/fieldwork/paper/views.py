"""Forms on paper in the console: printing them, keying them in twice, deciding what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.catalogue.queries import get_questionnaire
from app.directory.staff_queries import names_of_agencies
from app.errors import Conflict, explanation
from app.fieldwork import staff_words
from app.fieldwork.languages import LANGUAGES, language_title
from app.fieldwork.paper import keying, printing, words
from app.fieldwork.paper.forms import PrintForm, SheetForm
from app.fieldwork.paper.records import HEAD, Choices, Sheet, choices_of, in_order
from app.fieldwork.paper.rules import BadForm
from app.fieldwork.queries import RoundLine, get_round, list_villages
from app.fieldwork.rules import ChangedMeanwhile, UnknownVillage
from app.fieldwork.staff_views import blueprint
from app.i18n import DEFAULT, current_language
from app.installation import is_demonstration
from app.transactions import commits, transaction
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.download import download
from app.ui.links import done_at
from surveys.periods import local_day
from surveys.problems import Problem
from surveys.questionnaire import Questionnaire

MOST_VALUES = 40
KEPT = ("village", "collector", "day")
"""What the next form of a pile has most often as well."""


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of a round that this person leads, and what its forms hold."""

    line: RoundLine
    commune: str
    name: str
    form: Questionnaire
    choices: Choices
    today: date


@blueprint.get("/dot/<code>/giay/<commune>")
def paper_forms(code: str, commune: str) -> ResponseReturnValue:
    return _overview(place_of(code, commune), PrintForm(formdata=None, count="20"))


@blueprint.post("/dot/<code>/giay/<commune>/in")
def print_forms(code: str, commune: str) -> ResponseReturnValue:
    """A PDF with as many forms as asked for: with the next numbers, or with some once more."""
    place, form = place_of(code, commune), PrintForm()
    if not form.validate():
        return _overview(place, form), 400
    count, row = int(form.count.data), place.line.row
    try:
        with transaction():
            if form.first.data:
                numbers = printing.print_again(row, commune, int(form.first.data), count)
            else:
                numbers = printing.print_numbers(row, commune, count, by=current_actor().id, now=clock.now())
    except Conflict as error:
        form.form_errors.append(". ".join(explanation(409, error)))
        return _overview(place_of(code, commune), form), 409
    # Only who prints needs the library that draws, which takes twenty megabytes.
    from exports.interview_sheet import InterviewSheet, interview_sheet

    # Always Vietnamese: the form is read aloud to households.
    with force_locale(DEFAULT):
        sheet = InterviewSheet(
            questionnaire=place.form, language=DEFAULT, round=place.line.row.title, place=place.name,
            numbers=numbers, words=words.sheet_words(), slips=printing.new_slips(count),
            demo=_("BẢN MINH HỌA") if is_demonstration() else "",
        )  # fmt: skip
    return download(f"phieu-{numbers[0]}.pdf", interview_sheet(sheet), "application/pdf")


@blueprint.route("/dot/<code>/giay/<commune>/nhap", methods=["GET", "POST"])
def key_form(code: str, commune: str) -> ResponseReturnValue:
    """What is wrong is marked and everything stays; the second of two people is not shown the first's."""
    place = place_of(code, commune)
    form = _sheet_form(place)
    if not form.validate_on_submit():
        return _key_page(place, form, {}), 400 if request.method == "POST" else 200
    number = printing.form_number(form.number.data, commune)
    if number is None:
        form.refuse("number", _("Hãy ghi số như ở góc phiếu, ví dụ %(example)s", example=f"{commune}-0007"))
        return _key_page(place, form, {}), 400
    sheet, by = _sent(place, form), current_actor().id
    try:
        with transaction():
            found = keying.key_in(place.line.row, number, sheet, place.choices, by=by, now=clock.now())
    except BadForm as error:
        return _key_page(place_of(code, commune), form, error.fields), 400
    except Conflict as error:
        form.form_errors.append(". ".join(explanation(409, error)))
        return _key_page(place_of(code, commune), form, {}), 409
    if found:
        return done_at(".decide_form", "differs", code=code, commune=commune, number=number)
    kept = {name: sheet.head[name] for name in KEPT}
    word = "keyed-once" if found is None else "counted"
    return done_at(".key_form", word, code=code, commune=commune, **kept)


@blueprint.route("/dot/<code>/giay/<commune>/chon/<number>", methods=["GET", "POST"])
def decide_form(code: str, commune: str, number: str) -> ResponseReturnValue:
    """Field by field, with the form in hand; what was chosen stays where something else is wrong."""
    place = place_of(code, commune)
    if request.method != "POST":
        return _decide_page(place, _own(number, commune))
    chosen = {name: request.form.get(name, "") for name in request.form}
    seen, by = request.form.get("seen", ""), current_actor().id
    row = place.line.row
    try:
        with transaction():
            keying.decide(
                row, _own(number, commune), chosen, place.choices, seen=seen, by=by, now=clock.now()
            )
    except BadForm as error:
        place = place_of(code, commune)
        wrong = [words.field_label(name, place.form) for name in in_order([*error.fields], place.form)]
        return _decide_page(place, number, [*error.words(), *wrong]), 409
    except ChangedMeanwhile as error:
        # What was chosen was between other values.
        return _decide_page(place_of(code, commune), number, list(error.words()), keep=False), 409
    except Conflict as error:
        return _decide_page(place_of(code, commune), number, list(explanation(409, error))), 409
    return done_at(".paper_forms", "counted", code=code, commune=commune)


@blueprint.post("/dot/<code>/giay/<commune>/bo/<number>")
@commits
def discard_form(code: str, commune: str, number: str) -> ResponseReturnValue:
    place = place_of(code, commune)
    if not is_confirmed():
        return ask(
            Asked(
                title=_("Bỏ các lần nhập của phiếu %(number)s?", number=_own(number, commune)),
                effects=(_("Những gì đã nhập của phiếu này bị xóa; tờ giấy vẫn nhập lại được từ đầu."),),
                undo=_("Không hoàn tác được: phải nhập lại từ tờ giấy."),
                action=_("Bỏ"),
                back=url_for(".paper_forms", code=code, commune=commune),
            )
        )
    keying.discard(place.line.row, _own(number, commune), by=current_actor().id, now=clock.now())
    return done_at(".paper_forms", "discarded", code=code, commune=commune)


def place_of(code: str, commune: str) -> Place:
    """Raises UnknownVillage for a commune that is not of the round or not this person's."""
    scopes, today = current_actor().scopes(Permission.FIELD_LEAD), local_day(clock.now())
    line = get_round(code, scopes, today)
    if not list_villages(line.row, scopes, today, commune):
        raise UnknownVillage(commune)
    return Place(
        line,
        commune,
        names_of_agencies({commune}, today).get(commune, commune),
        get_questionnaire(line.row.questionnaire, line.row.version),
        choices_of(line.row, commune, min(today, line.row.last_day)),
        today,
    )


def _own(number: str, commune: str) -> str:
    """Raises UnknownVillage for what is no number of the commune."""
    if printing.form_number(number, commune) != number:
        raise UnknownVillage(number)
    return number


def _sheet_form(place: Place) -> SheetForm:
    """Empty but for what the form before had, or as it was sent."""
    kept = {name: request.args.get(name, "")[:40] for name in KEPT}
    form = SheetForm(**kept) if request.method == "POST" else SheetForm(formdata=None, **kept)
    form.village.choices = [("", ""), *place.choices.villages.items()]
    form.collector.choices = [("", ""), *place.choices.collectors.items()]
    form.language.choices = [(value, language_title(value)) for value in LANGUAGES]
    form.interpreter.choices = list(words.interpreter_words().items())
    form.service.choices = [("", _("hộ không rõ")), *place.choices.services.items()]
    return form


def _sent(place: Place, form: SheetForm) -> Sheet:
    """Fields of the page as they came; what is no answer is refused when the sheet is read."""
    answers = {
        question.id: tuple(request.form.getlist(f"q:{question.id}")[:MOST_VALUES])
        for question in place.form.questions
    }
    return Sheet.typed({name: form[name].data or "" for name in HEAD}, answers)


def _overview(place: Place, form: PrintForm) -> str:
    row = place.line.row
    return render_template(
        "console/fieldwork/paper.html",
        place=place, line=place.line, row=row, form=form,
        progress=printing.progress_of_paper(row.code, place.commune), **shared(),
    )  # fmt: skip


def _key_page(place: Place, form: SheetForm, wrong: Mapping[str, Problem | None]) -> str:
    told = {
        name: words.problem_words(name, wrong[name], place.line.row, place.today)
        for name in in_order([*wrong], place.form)
    }
    for name in told.keys() & set(HEAD):
        form.refuse(name, told[name])
    return render_template(
        "console/fieldwork/key.html",
        place=place, line=place.line, row=place.line.row, form=form, told=told, given=request.form,
        language=current_language(), **shared(),
    )  # fmt: skip


def _decide_page(place: Place, number: str, problems: Sequence[str] = (), *, keep: bool = True) -> str:
    unsettled = keying.get_unsettled(place.line.row, number)
    shown = [words.difference_words(item, place.form, place.choices) for item in unsettled.differences]
    return render_template(
        "console/fieldwork/decide.html",
        place=place, line=place.line, row=place.line.row, number=number, problems=problems,
        differences=shown, seen=unsettled.seen, given=request.form if keep else {}, **shared(),
    )  # fmt: skip


def shared() -> dict[str, object]:
    """What every page of paper is given."""
    found = staff_words.shared()
    return found | {"messages": found["messages"] | words.messages()}
