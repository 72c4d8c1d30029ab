"""Lists of the console with and without the second wall: what policies cost at all agencies of the country.

    .venv/bin/python -m bench.walls [--requests 60] [--rows 50000]

The same pages over the same database, once as a role that policies hold and once as a superuser, whom they
do not; in turn, so that a noisy minute hits both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.accounts.roles import Role
from app.catalogue.reference import load_reference
from app.config import Config
from app.extensions import db
from app.transactions import transaction
from tests.support import postgres
from tests.support.accounts import enrolled, signed_in

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
PAGES = ("/quan-tri", "/quan-tri/duong-dan", "/quan-tri/lien-he", "/quan-tri/nguoi-dung", "/quan-tri/nhat-ky")
WHO = {
    "province": (Role.PROVINCE, "14"),
    "ministry": (Role.MINISTRY, "nation"),
    "agency": (Role.AGENCY, "14-SKHCN"),
}
# Rows spread over all agencies in turn; `n` counts from 1.
AGENCY = "(SELECT array_agg(code ORDER BY code) FROM agencies)"
FILL = (
    "INSERT INTO link_batches (id, agency, questionnaire, version, phase, channel, quarter, issued,"
    " expires_on, revoked) SELECT md5(n::text), a[1 + n % cardinality(a)], 'COT_LOI', '1.0',"
    " 'after-result', 'link', '2026-Q4', 100, :day, false",
    "INSERT INTO contacts (code_hash, id, agency, day, due_on, address, message, consent_text, answer,"
    " outcome) SELECT sha256(n::text::bytea), gen_random_uuid(), a[1 + n % cardinality(a)], :day, :day, 'a',"
    " 'b', 'c', '', ''",
    "INSERT INTO people (id, email, name, folded, totp_last_step, created_at) SELECT md5(n::text)::uuid,"
    " n || '@bo.vn', 'Lan ' || n, 'lan ' || n, 0, now()",
    "INSERT INTO grants (person, role, scope) SELECT md5(n::text)::uuid, 'agency', a[1 + n % cardinality(a)]",
    "INSERT INTO audit_events SELECT 1000000 + n, '2026-11-20T03:00:00.000000+00:00', 'x', 'links-issued',"
    " 'x', a[1 + n % cardinality(a)], '{{}}', '', ''",
)  # fmt: skip


def fill(app: Flask, rows: int) -> int:
    """Returns how many agencies there are."""
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        with transaction():
            load_reference(by="command:bench", now=NOW)
            for statement in FILL:
                few = rows // 10 if "people" in statement or "grants" in statement else rows
                values = {"day": date(2026, 12, 20)} if ":day" in statement else {}
                select = f"{statement} FROM generate_series(1, {few}) n, {AGENCY} AS lookup(a)"
                db.session.execute(text(select.replace("{{}}", "{}").replace("::", "\\:\\:")), values)
        with transaction():
            db.session.execute(text("ANALYZE"))
        return db.session.scalar(text("SELECT count(*) FROM agencies")) or 0


def measure(clients: dict[str, FlaskClient], page: str, requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request, the first of each left out."""
    found: dict[str, list[float]] = {name: [] for name in clients}
    for number in range(requests + 1):
        for name, client in clients.items():
            start = time.perf_counter()
            answer = client.get(page)
            took = (time.perf_counter() - start) * 1000
            assert answer.status_code == 200, (page, answer.status_code)
            if number:
                found[name].append(took)
    return found


def summary(took: list[float]) -> str:
    return f"p50 {statistics.median(took):6.1f} p95 {statistics.quantiles(took, n=20)[-1]:6.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--rows", type=int, default=50_000)
    arguments = parser.parse_args()
    binaries = postgres.binaries()
    assert binaries is not None, "PostgreSQL is not installed"
    with tempfile.TemporaryDirectory(prefix="hailong-bench-") as folder, postgres.cluster(binaries) as server:
        url = postgres.owned_database(server, "hailong")
        superuser = f"{server.replace('postgresql://', 'postgresql+psycopg://')}hailong"
        apps = {
            name: create_app(
                Config(address, "for-measuring-only-" + "0" * 40, Path(folder), environment="test")
            )
            for name, address in (("with", url), ("without", superuser))
        }
        for app in apps.values():
            app.extensions["clock"] = lambda: NOW + timedelta(minutes=1)
        print(f"agencies: {fill(apps['with'], arguments.rows)}, rows a table: up to {arguments.rows}")
        for who, grant in WHO.items():
            person = enrolled(apps["with"], f"{who}@gov.vn", grant).id
            clients = {name: signed_in(app, person) for name, app in apps.items()}
            for page in PAGES if who != "agency" else PAGES[:4]:
                times = measure(clients, page, arguments.requests)
                line = "  ".join(f"{name} {summary(took)}" for name, took in times.items())
                print(f"{who:9} {page:22} {line}  n={arguments.requests}", flush=True)
        for app in apps.values():
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
