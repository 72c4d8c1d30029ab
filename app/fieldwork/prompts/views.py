"""Words and voices in other languages, in the console: what is there, what is missing, new files."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts.identity import current_actor
from app.accounts.roles import Permission
from app.catalogue.queries import list_questionnaires
from app.directory.queries import ProvinceView, get_province, list_provinces
from app.directory.scopes import may_add_in, province_codes
from app.fieldwork import staff_words
from app.fieldwork.choices import questionnaires
from app.fieldwork.languages import OTHER_LANGUAGES, language_words
from app.fieldwork.prompts import keeping as stored
from app.fieldwork.prompts.files import BadFile, Reader, TooMuch
from app.fieldwork.prompts.forms import PromptsForm
from app.fieldwork.prompts.keeping import Sheet, TooHeavy, UnknownPrompt
from app.fieldwork.prompts.reading import HEADER, KINDS, MOST_VOICE, read_prompts
from app.fieldwork.prompts.words import sheet_rows, sheet_words
from app.fieldwork.staff_views import blueprint
from app.security import play_sounds
from app.transactions import commits, transaction
from app.ui.confirming import Asked, ask, is_confirmed
from app.ui.download import csv_download
from app.ui.links import done_at
from surveys.periods import local_day
from surveys.questionnaire import Questionnaire

_PAGE: Final = "/loi-doc/<province>/<code>/<version>"


@blueprint.get("/loi-doc")
def prompt_sheets() -> ResponseReturnValue:
    """Every province in sight with the versions that are asked at the door, and what each has."""
    scopes, today = current_actor().scopes(Permission.FIELD_READ), local_day(clock.now())
    codes = province_codes(scopes, today)
    counts = stored.count_prompts(scopes, today)
    # An older version that still has something is not forgotten.
    names = list(dict.fromkeys([*questionnaires(), *sorted(f"{key[1]} {key[2]}" for key in counts)]))
    known = {f"{name.code} {name.version}" for name in list_questionnaires()}
    return render_template(
        "console/fieldwork/prompt_sheets.html",
        provinces=[view for view in list_provinces(today) if codes is None or view.code in codes],
        names=[tuple(name.split(" ")) for name in names if name in known],
        counts=counts,
        **staff_words.shared(),
    )


@blueprint.get(_PAGE)
def prompts(province: str, code: str, version: str) -> ResponseReturnValue:
    return _page(*_found(province, code, version), PromptsForm(formdata=None))


@blueprint.post(_PAGE)
def put_prompts(province: str, code: str, version: str) -> ResponseReturnValue:
    """Everything that was given is taken, or nothing is and every mistake is named."""
    view, sheet, questionnaire = _found(province, code, version, supplies=True)
    form = PromptsForm()
    if not form.validate():
        return _page(view, sheet, questionnaire, form), 400
    reader = Reader()
    given = ((file.filename or "", file.stream) for file in form.files.data if file)
    try:
        good, bad = read_prompts(reader.streams(given), stored.parts_of(questionnaire))
        bad = [*reader.bad, *bad]
        if not bad and good:
            by, now = current_actor().id, clock.now()
            with transaction():
                changed = stored.put_prompts(sheet, form.language.data, good, by=by, now=now)
            word = "prompts-put" if changed else "prompts-same"
            return done_at(".prompts", word, province=province, code=code, version=version)
        if not bad:
            form.refuse("files", _("Không có lời hay giọng đọc nào trong tệp"))
    except (TooMuch, TooHeavy) as problem:
        bad = []
        form.refuse("files", str(problem))
    return _page(view, sheet, questionnaire, form, bad), 400


@blueprint.post(f"{_PAGE}/<spoken>/bo")
@commits
def remove_prompts(province: str, code: str, version: str, spoken: str) -> ResponseReturnValue:
    """One of the kinds of one part, or everything in the language."""
    _view, sheet, _questionnaire = _found(province, code, version, supplies=True)
    part, kind = request.form.get("part", "")[:40], request.form.get("kind", "")[:5]
    if spoken not in OTHER_LANGUAGES or (kind and kind not in KINDS):
        raise UnknownPrompt(f"{spoken} {kind}")
    if not is_confirmed():
        language = language_words(spoken)
        title = (
            _("Bỏ “%(part)s” bằng %(language)s?", part=part, language=language)
            if part
            else _("Bỏ mọi lời và giọng đọc bằng %(language)s?", language=language)
        )
        effects = (_("Máy quên phần này ở lần có mạng sau; phỏng vấn vẫn làm được bình thường."),)
        return ask(
            Asked(
                title=title,
                effects=effects,
                undo=_("Muốn có lại thì tải tệp lên lần nữa."),
                action=_("Bỏ"),
                back=url_for(".prompts", province=province, code=code, version=version),
                fields={"part": part, "kind": kind},
            )
        )
    stored.remove_prompts(sheet, spoken, part=part, kind=kind, by=current_actor().id, now=clock.now())
    return done_at(".prompts", "prompts-removed", province=province, code=code, version=version)


@blueprint.get(f"{_PAGE}/<spoken>/mau.csv")
def prompt_table(province: str, code: str, version: str, spoken: str) -> ResponseReturnValue:
    """The table for a translator, with the words that are there: filled in, it is what is uploaded."""
    _view, sheet, questionnaire = _found(province, code, version)
    if spoken not in OTHER_LANGUAGES:
        raise UnknownPrompt(spoken)
    texts = {
        line.part: line.text
        for line in stored.list_prompts(sheet, with_text=True)
        if line.language == spoken and line.kind == "text"
    }
    rows = [(part, label, texts.get(part, "")) for part, label in sheet_rows(questionnaire)]
    columns = (HEADER, _("câu tiếng Việt"), _("lời"))
    return csv_download(f"{code}-{version}-{spoken}.csv", columns, rows)


@blueprint.get("/loi-doc/tieng/<sha256>")
def prompt_voice(sha256: str) -> ResponseReturnValue:
    """A voice for the player of the page, also a part of it: who listens may look for a place."""
    scopes, today = current_actor().scopes(Permission.FIELD_READ), local_day(clock.now())
    found = stored.get_heard(sha256, scopes, today)
    response = Response(found.content, content_type=found.media_type)
    response.make_conditional(request, accept_ranges=True, complete_length=found.size)
    return response


def _found(
    province: str, code: str, version: str, *, supplies: bool = False
) -> tuple[ProvinceView, Sheet, Questionnaire]:
    """Raises what hides a province from others, UnknownProvince or UnknownQuestionnaire."""
    actor, today = current_actor(), local_day(clock.now())
    codes = province_codes(actor.scopes(Permission.FIELD_READ), today)
    if codes is not None and province not in codes:
        raise UnknownPrompt(province)
    if supplies and not _supplies(province):
        raise UnknownPrompt(province)
    view = get_province(province, today)
    return view, *stored.get_sheet(province, code, version)


def _supplies(province: str) -> bool:
    """Of a province as a whole: one agency of it does not speak for the others."""
    return may_add_in(current_actor().scopes(Permission.FIELD_PROMPTS), province)


def _page(
    view: ProvinceView,
    sheet: Sheet,
    questionnaire: Questionnaire,
    form: PromptsForm,
    bad: list[BadFile] | None = None,
) -> str:
    play_sounds()
    lines = stored.list_prompts(sheet, with_text=True)
    return render_template(
        "console/fieldwork/prompts.html",
        view=view,
        sheet=sheet,
        questionnaire=questionnaire,
        spoken=sheet_words(questionnaire, lines),
        weight=sum(line.size for line in lines),
        most_all=stored.MOST_ALL,
        most_voice=MOST_VOICE,
        form=form,
        bad=bad or [],
        may_put=_supplies(sheet.province),
        **staff_words.shared(),
    )
