"""The opt-in contact page, apart from every answer: a way to be reached, and to take it back."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import Forbidden, TooManyRequests

from app import clock
from app.comments.actions import ContactWish, code_of, keep_contact, withdraw_contact
from app.comments.clocks import done_clock, reply_clock, state_of
from app.comments.codes import CODE, new_nonce, typed
from app.comments.forms import ContactForm, cleaned
from app.comments.limits import limits
from app.comments.queries import UnknownContact, get_contact
from app.directory.choosing import choosing
from app.directory.queries import AgencyView, find_agency, get_agency
from app.errors import RETRY_SECONDS, RepeatedField
from app.i18n import DEFAULT, current_language
from app.transactions import commits
from app.ui.form_body import read_pairs
from surveys.periods import local_day

blueprint = Blueprint("comments", __name__)


@blueprint.before_request
def refuse_other_sites() -> None:
    """Another site may not speak for a person; `Origin` is not judged, it is `null` for our own forms."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/lien-he")
def choose() -> ResponseReturnValue:
    """First the agency, then the form; who has a code already goes to the contact."""
    if request.args.get("code"):
        return redirect(url_for(".contact", code=typed(request.args["code"]), lang=_language()), 303)
    found = choosing(request.args, on=local_day(clock.now()))
    if found.agency is None:
        return render_template("comments/choose.html", found=found)
    return _form_page(found.agency, ContactForm(formdata=None, nonce=new_nonce()))


@blueprint.post("/lien-he")
@commits
def leave_contact() -> ResponseReturnValue:
    """Shows the code once: it is kept only as a hash."""
    today = local_day(clock.now())
    agency = get_agency(request.args.get("agency", ""), today)
    form = ContactForm(formdata=sent_fields())
    if not form.validate():
        return _form_page(agency, form), 400
    if not limits().contacts.take(int(clock.now().timestamp()), agency.code):
        return _later(agency, form)
    code = code_of(form.nonce.data)
    wish = ContactWish(agency.code, form.address.data, form.message.data, consent_text(agency))
    keep_contact(wish, code=code, day=today)
    return render_template("comments/kept.html", code=code)


@blueprint.get("/lien-he/<code>")
def contact(code: str) -> ResponseReturnValue:
    """What its owner wrote, and what became of it."""
    today = local_day(clock.now())
    try:
        kept = get_contact(_checked(code))
    except UnknownContact:
        raise _unknown() from None
    return render_template(
        "comments/contact.html",
        contact=kept,
        code=code,
        agency=find_agency(kept.agency, today),
        passed_to=find_agency(kept.passed_to, today) if kept.passed_to else None,
        state=state_of(kept.replied_on, kept.done_on),
        reply=reply_clock(kept.day, kept.replied_on, today),
        done=done_clock(kept.day, kept.done_on, today),
    )


@blueprint.post("/lien-he/<code>")
@commits
def withdraw(code: str) -> ResponseReturnValue:
    """Deletes what was written; nothing remains of it."""
    if not withdraw_contact(_checked(code), day=local_day(clock.now())):
        raise _unknown()
    return render_template("comments/withdrawn.html")


def sent_fields() -> MultiDict[str, str]:
    """What was sent; what is no text shows as such, so that the form can be shown again."""
    pairs = read_pairs(request)
    if len(pairs) != len({name for name, _value in pairs}):
        raise RepeatedField
    return MultiDict((name, cleaned(value)) for name, value in pairs)


def consent_text(agency: AgencyView) -> str:
    """The words beside the box; they are kept with the contact, because they are what was agreed to."""
    text: str = _("Tôi đồng ý để %(agency)s liên hệ lại với tôi về góp ý này.", agency=agency.name)
    return text


def _form_page(agency: AgencyView, form: ContactForm, busy: bool = False) -> str:
    words = consent_text(agency)
    return render_template("comments/form.html", agency=agency, form=form, consent=words, busy=busy)


def _later(agency: AgencyView, form: ContactForm) -> Response:
    """The form as it was filled in: nothing is kept, and nothing that was typed is lost."""
    response = make_response(_form_page(agency, form, busy=True), 429)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _unknown() -> Exception:
    """Guessing a code is slow for everybody together: nobody's address has to be remembered for it."""
    if not limits().unknown_codes.take(int(clock.now().timestamp())):
        return TooManyRequests()
    return UnknownContact()


def _checked(code: str) -> str:
    if CODE.fullmatch(code) is None:
        raise UnknownContact
    return code


def _language() -> str | None:
    """For an address: Vietnamese needs no parameter."""
    language = current_language()
    return None if language == DEFAULT else language
