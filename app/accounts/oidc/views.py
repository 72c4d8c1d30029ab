"""To the provider and back. Whoever comes back has shown the first factor; the second is ours."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock, keys
from app.accounts import sessions, throttling
from app.accounts.entering import begin_half, begin_whole, entrance
from app.accounts.invitations import staff_address
from app.accounts.oidc import passage, people
from app.accounts.oidc.provider import (
    BadAnswer,
    Identity,
    ProviderAway,
    authorization_address,
    discover,
    identify,
)
from app.accounts.refused import Refused, note
from app.accounts.returning import way_back
from app.config import Config
from app.errors import NotFound
from app.transactions import transaction

blueprint = Blueprint("oidc", __name__, url_prefix="/dang-nhap/oidc")
HOME = "/quan-tri"
BACK = "/quan-tri/dang-nhap/oidc/ve"


@blueprint.get("")
def begin() -> ResponseReturnValue:
    config, now = _configured(), clock.now()
    tries = throttling.count_address(now=now)
    try:
        provider = discover(config)
    except ProviderAway as error:
        return _refused(_away(), 503, error)
    going = passage.begin(way_back(request.args.get("tiep", "")), now=now)
    address = authorization_address(
        config,
        provider,
        back=staff_address(BACK),
        state=going.state,
        nonce=going.nonce,
        verifier=going.verifier,
    )
    tries.succeeded()
    response = redirect(address, 303)
    passage.put(response, going)
    return response


@blueprint.get("/ve")
def back() -> ResponseReturnValue:
    """The cookie of the passage counts once, whatever comes of it."""
    _configured()
    now = clock.now()
    going = passage.of_request(now=now)
    tries = throttling.count_address(now=now)
    if going is None or not going.is_of(request.args.get("state", "")):
        return _refused(_("Lần đăng nhập này đã hết hạn hoặc không bắt đầu từ trình duyệt này"), 400)
    try:
        identity = _identity(going)
        with transaction():
            person = people.person_of(identity, now=now)
            whole = bool(identity.factors & set(keys.configuration().oidc_second_factor_acr))
            if whole:
                token = begin_whole(person.id, now=now, recovery=False, provider=True)
            else:
                token = begin_half(person.id, now=now)
    except ProviderAway as error:
        return _refused(_away(), 503, error)
    except people.OtherIdentity as error:
        with transaction():
            people.note_refusal(error.person, now=now)
        return _refused(_words(error), 403, error)
    except (BadAnswer, people.NotInvited, people.NotVerified) as error:
        return _refused(_words(error), 403, error)
    tries.succeeded()
    return _welcome(token, going, whole)


def _identity(going: passage.Passage) -> Identity:
    """Raises ProviderAway or BadAnswer."""
    config, now = keys.configuration(), clock.now()
    code, issuer = request.args.get("code", ""), request.args.get("iss", config.oidc_issuer)
    if not code or "error" in request.args or issuer != config.oidc_issuer:
        raise BadAnswer("no code")
    return identify(
        config,
        discover(config),
        code=code,
        back=staff_address(BACK),
        nonce=going.nonce,
        verifier=going.verifier,
        now=now,
    )


def _welcome(token: str, going: passage.Passage, whole: bool) -> Response:
    """A page and no redirect: only what our own page asks for carries the `Strict` cookie of the session."""
    step = url_for("accounts.second_factor_page", tiep=going.way or None)
    page = render_template("accounts/oidc_back.html", address=(going.way or HOME) if whole else step)
    response = make_response(page)
    sessions.put_cookie(response, token)
    passage.drop(response)
    return response


def _refused(words: str, status: int, error: Exception | None = None) -> Response:
    """The page of signing in with what went wrong; the password works as always."""
    if error is not None:
        note(Refused.SIGN_IN, "oidc_refused", kind=type(error).__name__, reason=str(error))
    response = make_response(entrance(problem=words), status)
    passage.drop(response)
    return response


def _configured() -> Config:
    """Raises NotFound where no provider is configured."""
    config = keys.configuration()
    if not config.oidc_issuer:
        raise NotFound
    return config


def _away() -> str:
    words: str = _("Không liên lạc được với nơi đăng nhập chung. Hãy đăng nhập bằng mật khẩu.")
    return words


def _words(error: Exception) -> str:
    words: dict[type[Exception], str] = {
        BadAnswer: _("Nơi đăng nhập chung đã từ chối, hoặc trả lời không dùng được. Hãy thử lại."),
        people.NotInvited: _(
            "Tài khoản này chưa được mời, chưa nhận lời mời hoặc đang bị khóa. Hãy hỏi người quản trị."
        ),
        people.NotVerified: _("Nơi đăng nhập chung chưa xác minh địa chỉ thư của tài khoản này."),
        people.OtherIdentity: _(
            "Địa chỉ thư này đã gắn với một tài khoản khác của nơi đăng nhập chung. Hãy hỏi người quản trị."
        ),
    }
    return words[type(error)]
