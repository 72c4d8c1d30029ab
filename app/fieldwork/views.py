"""The app for phones under /thuc-dia/: its page, its worker and its manifest. docs/adr/0017-field-work.md."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from flask import Blueprint, Response, make_response, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from app.i18n import DEFAULT
from app.ui.assets import find_asset, known_assets

blueprint = Blueprint("fieldwork", __name__, url_prefix="/thuc-dia")

SCOPE: Final = "/thuc-dia/"
_FOLDER: Final = "field/"
_WORKER: Final = "field/sw.js"
# The colours of the two grounds, as field.css has them.
_LIGHT: Final = "#fbfaf7"


@blueprint.get("/")
def app_page() -> Response:
    """The shell, the same bytes for everybody: the worker keeps it and compares its hash."""
    return _revalidated(_page(release()), "text/html; charset=utf-8")


@blueprint.get("/sw.js")
def worker() -> Response:
    """The worker with the exact list of what the app is made of: address and SHA-256 of each file."""
    listed = json.dumps({"release": release(), "files": installed_files()}, sort_keys=True)
    asset = find_asset(_WORKER)
    assert asset is not None, "the worker is a file of ours"
    response = _revalidated(
        f"self.APP = {listed};\n{asset.content.decode()}", "text/javascript; charset=utf-8"
    )
    response.headers["Service-Worker-Allowed"] = SCOPE
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    icons = [
        {"src": _address("field/icon.svg", release()), "sizes": "any", "type": "image/svg+xml"},
        {"src": _address("field/icon-192.png", release()), "sizes": "192x192", "type": "image/png"},
    ]
    with force_locale(DEFAULT):
        described = {
            "id": SCOPE,
            "start_url": SCOPE,
            "scope": SCOPE,
            "name": _("Hài Lòng – Khảo sát tại nhà"),
            "short_name": _("Khảo sát"),
            "lang": DEFAULT,
            "display": "standalone",
            "orientation": "portrait",
            "background_color": _LIGHT,
            "theme_color": _LIGHT,
            "icons": [*icons, {**icons[0], "purpose": "maskable"}],
        }
    return _revalidated(json.dumps(described, ensure_ascii=False), "application/manifest+json; charset=utf-8")


def release() -> str:
    """Sixteen hexadecimal digits that change with any file of the app or with its page."""
    digest = hashlib.sha256(_page("").encode())
    for name in sorted({*app_files(), _WORKER}):
        digest.update(f"{name}\0{_sha256(name)}\n".encode())
    return digest.hexdigest()[:16]


def app_files() -> list[str]:
    """What the worker keeps besides the page, by name under `app/static/`; the worker itself is no part."""
    return sorted(name for name in known_assets() if name.startswith(_FOLDER) and name != _WORKER)


def installed_files() -> list[list[str]]:
    """Address and SHA-256 of everything that is on a phone once the app is installed, the page first."""
    version = release()
    page = hashlib.sha256(_page(version).encode()).hexdigest()
    return [[SCOPE, page], *([_address(name, version), _sha256(name)] for name in app_files())]


def _page(version: str) -> str:
    """The app speaks Vietnamese, whatever language the address asks for: one page, one hash."""
    modules = [name for name in app_files() if name.endswith(".js") and name != "field/app.js"]
    with force_locale(DEFAULT):
        return render_template(
            "fieldwork/app.html",
            version=version,
            modules=modules,
            file_url=lambda name: _address(name, version),
        )


def _address(name: str, version: str) -> str:
    """Every file of a release under one prefix, so that modules find each other and releases never mix."""
    return f"/static/{version}/{name}"


def _sha256(name: str) -> str:
    asset = find_asset(name)
    assert asset is not None, "only names that are known are asked for"
    return hashlib.sha256(asset.content).hexdigest()


def _revalidated(text: str, media_type: str) -> Response:
    """Asked for again each time: an old worker must never hold back a new release."""
    response = make_response(text)
    response.headers["Content-Type"] = media_type
    response.headers["Cache-Control"] = "no-cache"
    return response
