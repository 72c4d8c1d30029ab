"""What tests of contacts share: the public form filled in as a browser would, and the code that it shows."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.support.citizens import AGENCY, post

CODE = re.compile(r'class="code"><strong>([A-Z2-7 ]+)</strong>')
ADDRESS = "0912 345 678"
MESSAGE = "Xin gọi buổi chiều"


def address_of(agency: str) -> str:
    return f"/lien-he?agency={agency}"


def filled(client: FlaskClient, agency: str = AGENCY, **changes: str) -> dict[str, str]:
    """The fields of a fresh form."""
    nonce = re.search(r'name="nonce" value="([0-9a-f]{32})"', client.get(address_of(agency)).text)
    assert nonce
    return {"nonce": nonce[1], "address": ADDRESS, "message": MESSAGE, "consent": "y", **changes}


def code_on(page: str) -> str:
    found = CODE.search(page)
    assert found
    return found[1].replace(" ", "")


def leave(client: FlaskClient, agency: str = AGENCY, **changes: str) -> str:
    """A contact for an agency; returns its code."""
    page = post(client, address_of(agency), filled(client, agency, **changes))
    assert page.status_code == 200, page.status_code
    return code_on(page.text)
