"""Official documents at their public addresses, and how little a stranger can make the service do."""

from __future__ import annotations

import fcntl
import hashlib
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.roles import Role
from app.budgets import MinuteBudget
from app.editions import document_serving, work
from app.editions.closing import close
from app.editions.document_acts import ask_for_documents, run_documents
from app.editions.documents import document_path, documents_folder
from app.editions.fileset import folder_of
from app.editions.listing import find_edition, get_edition
from app.editions.publishing import publish
from app.editions.queries import report_files
from app.transactions import transaction
from surveys.editions import EditionCode
from tests.support.accounts import enrolled, member_client, send
from tests.support.published import NOW, OTHER, OWN, PAGE, in_this_process
from tests.support.staff import words as words_of
from tests.support.tallies import TallyWriter

LATER = NOW + work.SILENCE + timedelta(minutes=1)


def words(answer: TestResponse) -> str:
    return words_of(answer.text)


def forbid_making(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_values: object) -> None:
        raise AssertionError("made although it is there, or must not be made")

    monkeypatch.setattr(document_serving, "make_document", fail)


def nobody_works(published: FlaskClient) -> None:
    """Some minutes after the publication, in which no worker has looked."""
    published.application.extensions["clock"] = lambda: LATER


def test_a_document_is_made_once_kept_and_told_apart_by_its_hash(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf")
    assert (first.status_code, first.mimetype, first.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert first.get_etag() == (hashlib.sha256(first.data).hexdigest(), False)
    assert first.headers["Content-Disposition"] == f'inline; filename="2026-Q2-{OWN}.pdf"'
    assert first.headers["Cache-Control"] == "public, max-age=300"

    forbid_making(monkeypatch)
    own = published.get(f"/ket-qua/2026-Q2.r0/{OWN}.pdf")
    assert own.data == first.data
    assert own.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    part = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")


def test_drafts_months_and_places_without_answers_have_no_document(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_making(monkeypatch)
    for address in (
        "2026-Q3", f"2026-Q3/{OWN}", f"2026-Q3.r0/{OWN}", f"2026-Q1/{OWN}", "2026-Q2/nowhere",
        "2026-Q2/..%2f..%2ftest", "x", f"2026-10/{OWN}", "2026-Q2/SHA256SUMS",
        f"2026-Q2/{'1' * 400}",
    ):  # fmt: skip
        answer = published.get(f"/ket-qua/{address}.pdf")
        assert answer.status_code == 404, address
        assert "Không tìm thấy trang" in answer.text, address
    with published.application.app_context():
        assert not documents_folder().exists()


def test_a_large_report_is_left_to_the_batch_and_the_page_says_so(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_serving, "MOST_PLACES", 4)
    forbid_making(monkeypatch)
    assert "đang chờ đến lượt lập" in published.get("/ket-qua/2026-Q2.pdf").text
    nobody_works(published)
    answer = published.get("/ket-qua/2026-Q2.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (404, "600")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Bộ lập một lần sau khi công bố" in answer.text
    assert 'href="/ket-qua/2026-Q2.r0"' in answer.text
    assert "Báo cáo chính thức (PDF)" not in published.get("/ket-qua/2026-Q2").text
    assert "Báo cáo chính thức (PDF)" in published.get(f"/ket-qua/2026-Q2/{OWN}").text
    with published.application.app_context():
        asked = work.ask(work.DOCUMENTS, "2026-Q2", by="x", now=LATER)
        with work.doing(work.DOCUMENTS, "2026-Q2") as progress:
            progress.tell(1234, 3763)
            assert "xong 1.234 trên 3.763" in published.get("/ket-qua/2026-Q2.pdf").text
        assert asked.state is work.State.WAITING
        path = document_path(report_files(get_edition("2026-Q2")), "VN")
        path.parent.mkdir(parents=True)
        path.write_bytes(b"%PDF-made")

    assert published.get("/ket-qua/2026-Q2.pdf").data == b"%PDF-made"
    page = published.get("/ket-qua/2026-Q2").text
    assert '<a href="/ket-qua/2026-Q2.r0.pdf" type="application/pdf"' in page


def test_strangers_cause_one_document_at_a_time_and_some_in_a_minute(published: FlaskClient) -> None:
    app = published.application
    app.extensions["document_budget"] = MinuteBudget(1)
    with app.app_context():
        folder = app.extensions["hailong"].data_dir / "editions-work"
    folder.mkdir(exist_ok=True)
    with (folder / "one-document.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        busy = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf")
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "10")
        assert "chừng mười giây" in busy.text
    assert published.get(f"/ket-qua/2026-Q2/{OWN}.pdf").status_code == 200
    assert published.get(f"/ket-qua/2026-Q2/{OTHER}.pdf").status_code == 503
    # What is there costs nothing of the budget.
    assert published.get(f"/ket-qua/2026-Q2/{OWN}.pdf").status_code == 200


def test_staff_of_the_ministry_have_them_made(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = published.application
    client = member_client(app)
    page = words(client.get(PAGE))
    assert "Đã có 0 tệp PDF" in page and "đang chờ đến lượt" in page and "tự bắt đầu" in page
    assert "Giao lại" not in page
    assert send(client, f"{PAGE}/van-ban", page=PAGE).status_code == 409
    nobody_works(published)
    page = words(client.get(PAGE))
    assert "chưa bắt đầu được" in page and "không có tiến trình nào nhận việc" in page
    assert "Giao lại việc lập văn bản" in page
    asked = send(client, f"{PAGE}/van-ban", page=PAGE)
    assert asked.headers["Location"] == f"{PAGE}?done=documents"
    assert "đang chờ đến lượt" in words(client.get(PAGE))
    with app.app_context():
        assert find_edition("2026-Q2") is not None
        # Each document in this process: processes of their own have a test of their own.
        monkeypatch.setattr("app.editions.documents.make_in_processes", in_this_process)
        run_documents("2026-Q2")
        run_documents("2026-Q2")
    page = words(client.get(PAGE))
    assert "Đã có 5 tệp PDF" in page and "đã xong" in page and "5/5" in page
    assert "Lập những văn bản còn thiếu" in page
    draft = "/quan-tri/ky-cong-bo/2026-Q3"
    assert "Văn bản chính thức" not in words(client.get(draft))
    assert send(client, f"{draft}/van-ban", page=PAGE).status_code == 409


def test_whoever_lost_the_right_has_none_made(published: FlaskClient) -> None:
    app = published.application
    reader = enrolled(app, "kiem-toan@bo.vn", (Role.AUDITOR, "nation"))
    with app.app_context():
        ask_for_documents(get_edition("2026-Q2"), by=str(reader.id), now=LATER)
        run_documents("2026-Q2")
        found = work.find_work(work.DOCUMENTS, "2026-Q2")
        assert found is not None and found.state is work.State.REFUSED
        assert not documents_folder().exists()


def test_a_document_that_failed_ends_the_work_and_says_so(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = published.application
    client = member_client(app)

    def full(*_values: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.editions.documents.make_in_processes", full)
    with app.app_context():
        run_documents("2026-Q2")
    page = words(client.get(PAGE))
    assert "chỗ trống trên đĩa" in page and "Một giờ sau việc tự chạy lại" in page
    assert send(client, f"{PAGE}/van-ban", page=PAGE).status_code == 303


def test_no_document_is_made_from_files_that_were_touched_and_staff_learn_why(published: FlaskClient) -> None:
    app = published.application
    client = member_client(app)
    with app.app_context():
        path = folder_of("2026-Q2") / "texts.json"
        path.chmod(0o600)
        path.write_text("{} ")
        run_documents("2026-Q2")
    assert "Tệp của kỳ này không còn đúng với mã băm" in words(client.get(PAGE))


def test_the_address_of_a_revision_gives_its_own_document(published: FlaskClient) -> None:
    first = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf").data
    with published.application.app_context():
        with transaction():
            writer = TallyWriter("2026-Q2")
            writer.rated(OWN, (0, 0, 0, 0, 40), channel="field")
            writer.write()
        close(EditionCode.parse("2026-Q2.r1"), by="command:test", now=NOW, reason="Phiếu đến muộn")
        assert published.get(f"/ket-qua/2026-Q2.r1/{OWN}.pdf").status_code == 404
        with transaction():
            publish("2026-Q2.r1", by="command:test", now=NOW)
    newest = published.get(f"/ket-qua/2026-Q2/{OWN}.pdf").data
    assert newest != first
    assert published.get(f"/ket-qua/2026-Q2.r1/{OWN}.pdf").data == newest
    assert published.get(f"/ket-qua/2026-Q2.r0/{OWN}.pdf").data == first
