"""Everything that comes with the product: units, standard agencies, known procedures and questionnaires."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.catalogue.actions import publish_shipped
from app.csv_reading import ImportReport, RejectFile
from app.directory.procedure_import import import_procedures
from app.directory.standard import PROCEDURES_FILES, UNITS_FILE, import_standard_agencies
from app.directory.unit_import import import_units
from app.text_files import TableProblem


def load_reference(*, by: str, now: datetime) -> list[tuple[str, ImportReport]]:
    """Loads it all, and says of each part what it did; a second run changes nothing. Does not commit."""
    # The shipped files have no bad rows, and their folder need not be writable.
    with TemporaryDirectory() as folder, RejectFile(UNITS_FILE, Path(folder) / "loi.csv") as rejects:
        reports = [
            ("Đơn vị hành chính", import_units(UNITS_FILE, rejects, by=by, now=now)),
            ("Cơ quan", import_standard_agencies(by=by, now=now)),
        ]
        for province, path in PROCEDURES_FILES.items():
            report = import_procedures(path, rejects, province=province, by=by, now=now)
            reports.append(("Thủ tục", report))
        if rejects.count:
            raise TableProblem(f"Dữ liệu kèm theo sản phẩm có {rejects.count} dòng lỗi.")
    published = publish_shipped(by=by, now=now)
    new = sum(item.new for item in published)
    reports.append(("Phiếu khảo sát", ImportReport(len(published), new=new, same=len(published) - new)))
    return reports
