"""Kiểm tra một kỳ công bố bằng số học, chỉ cần Python; có chỗ khác thì kết thúc với mã 1. Cách chạy:
python3 kiem-tra.py ĐỊA_CHỈ_HOẶC_THƯ_MỤC [SHA-256] [ĐỊA_CHỈ_HOẶC_THƯ_MỤC_CỦA_QUÝ_TRƯỚC]"""

import csv
import hashlib
import sys
from collections.abc import Iterator
from fractions import Fraction
from json import loads
from math import erfc, hypot, isclose, sqrt
from pathlib import Path
from typing import Any
from urllib.request import urlopen

HIDDEN = {"hidden": True, "n": 0, "satisfied": 0, "n_eff": 0, "levels": None}
OFFICIAL = ("satisfaction", "verified", "after-result", "")
ROUNDED = {"n": 0, "n_eff": 0.0501, "satisfied": 0, "rate": 1e-9, "low": 0.001001, "high": 0.001001}
ROUNDED |= {f"level_{level}": 0 for level in (5, 4, 3, 2, 1)}  # Columns, and how far from the truth.


def cells(f: Any) -> list[tuple[tuple[str, ...], Any]]:
    found = [(OFFICIAL, f["official"])]  # Measure, channel, phase and item, as rows of the table name them.
    found += [(("satisfaction", x["channel"], x["phase"], ""), x["cell"]) for x in f["channels"] + f["apart"]]
    found += [(("factor", *OFFICIAL[1:3], x["question"]), x["cell"]) for x in f["factors"]]
    found += [(("factor-volunteered", *OFFICIAL[1:3], x["question"]), x["volunteered"]) for x in f["factors"]]
    return found + [(("procedure", *OFFICIAL[1:3], x["code"] or "none"), cell) for x, cell in f["procedures"]]


def wilson(p: Any, n: float, z: float = 1.959963984540054) -> tuple[float, float]:
    middle, reach, scale = p + z * z / n / 2, z * sqrt(p * (1 - p) / n + (z / n / 2) ** 2), 1 + z * z / n
    return max(0.0, min((middle - reach) / scale, p)), min(1.0, max((middle + reach) / scale, p))


def compare(old: Any, now: Any) -> dict[str, float]:
    p, q, m, n = old["satisfied"] / old["n"], now["satisfied"] / now["n"], old["n_eff"], now["n_eff"]
    (a, b), (c, d), pooled = wilson(p, m), wilson(q, n), (p * m + q * n) / (m + n)
    z = (q - p) / sqrt(pooled * (1 - pooled) * (1 / m + 1 / n)) if 0 < pooled < 1 else 0.0
    low, high = max(-1.0, q - p - hypot(q - c, b - p)), min(1.0, q - p + hypot(d - q, p - a))  # Newcombe.
    return {"diff": q - p, "low": low, "high": high, "z": z, "p": erfc(abs(z) / sqrt(2))}


class Edition:
    def __init__(self, where: str, sha256: str = "", earlier: str = "") -> None:
        self.base = f"{where.rstrip('/')}/tep" if "://" in where else Path(where).resolve().as_uri()
        self.sha256 = hashlib.sha256(self.get("manifest.json")).hexdigest()
        if sha256 not in ("", self.sha256):
            raise ValueError(f"{self.base}/manifest.json có mã băm {self.sha256}, không phải {sha256}")
        self.manifest, self.earlier = loads(self.get("manifest.json")), earlier

    def __getattr__(self, name: str) -> Any:  # Numbers are read after it was told which files are changed.
        self.limits, self.targets = (loads(self.get(f"{x}.json")) for x in ("thresholds", "targets"))
        self.places = {f["place"]["code"]: f for f in map(loads, self.get("figures.ndjson").splitlines())}
        self.cells = {(code, *name): cell for code, f in self.places.items() for name, cell in cells(f)}
        self.tree = {(code, f["place"]["parent"]) for code, f in self.places.items()}
        self.before = Edition(self.earlier, self.manifest["compared"]["sha256"]) if self.earlier else None
        return self.__dict__[name]

    def get(self, name: str) -> bytes:
        if name.startswith("/") or ".." in name:
            raise ValueError(f"tên tệp lạ: {name}")
        with urlopen(f"{self.base}/{name}", timeout=120) as answer:
            return bytes(answer.read())

    def check_files(self) -> Iterator[tuple[str, bool]]:
        """mã băm của mọi tệp"""
        for file in self.manifest["files"]:
            yield file["path"], hashlib.sha256(self.get(file["path"])).hexdigest() == file["sha256"]

    def check_sums(self) -> Iterator[tuple[str, bool]]:
        """tổng của các kênh, các cơ quan, các tỉnh"""
        sums = [(code, f["official"], [x["cell"] for x in f["channels"]]) for code, f in self.places.items()]
        for above in {parent for _, parent in self.tree} - {""}:
            group = [dict(cells(f)) for x, f in self.places.items() if above in (x, f["place"]["parent"])]
            for name in {name for each in group for name in each if name[0] != "procedure"}:
                whole, *parts = (x.get(name, HIDDEN | {"hidden": x[OFFICIAL]["hidden"]}) for x in group)
                sums.append((f"{above}: {' '.join(name)}", whole, parts))
        for what, whole, parts in sums:
            for key in ("n", "satisfied"):  # Beside a hidden part the whole is at least what is told.
                told, secret = sum(x[key] for x in parts), any(x["hidden"] for x in parts)
                yield what, whole["hidden"] or (whole[key] >= told if secret else whole[key] == told)

    def check_table(self) -> Iterator[tuple[str, bool]]:
        """số phiếu, tỷ lệ, khoảng Wilson và kết luận của dữ liệu mở"""
        table = csv.DictReader(self.get("data/ket-qua.csv").decode("utf-8-sig").split("\n"))
        told = [x for x in table if x["measure"].startswith(("satisfaction", "factor", "procedure"))]
        rows = {(x["place"], x["measure"], x["channel"], x["phase"], x["item"]): x for x in told}
        yield "số dòng của bảng", len(told) == len(self.cells)
        for code, f in self.places.items():
            yield f"{code}: kết luận", self.judged(f, rows[code, *OFFICIAL])
        for key, cell in self.cells.items():
            row, n, n_eff, yes = rows[key], cell["n"], cell["n_eff"], cell["satisfied"]
            rate, levels = yes / max(n, 1), cell["levels"] or (yes, 0, 0, 0, n - yes)
            true = dict(zip(ROUNDED, (n, n_eff, yes, rate, *wilson(rate, n_eff or 1), *levels), strict=True))
            good = all(not row[x] or isclose(float(row[x]), true[x], abs_tol=ROUNDED[x]) for x in true)
            good = good and row["n"] != "" and not 0 < n < self.limits["disclosure"]
            good = good and (sum(levels), sum(levels[:2])) == (n, yes) and min(*levels, n + 1e-9 - n_eff) >= 0
            blank = cell == HIDDEN and row["status"] == "bm" and not any(map(row.get, ROUNDED))
            yield " ".join(key), blank if cell["hidden"] else good

    def judged(self, f: Any, row: dict[str, str]) -> bool:
        cell, above = f["official"], self.targets.get(f["place"]["parent"], {})
        goal = self.targets.get(f["place"]["code"], above).get("TC4")
        if not goal or min(cell["n"], cell["n_eff"] + 1e-9) < self.limits["verdict"]:
            return row["verdict"] in ("", "bm", "too-few")
        limit, rate = Fraction(goal["limit"]), Fraction(cell["satisfied"], cell["n"])
        sides = [(x >= limit) == (goal["operator"] == ">=") for x in (rate, *wilson(rate, cell["n_eff"]))]
        heard = Fraction(f["response_rate"] or 0) >= Fraction(self.limits["response_rate"])
        true = ("met" if sides[0] else "not-met", str(heard and len(set(sides)) == 1).lower(), float(limit))
        return (row["verdict"], row["certain"], float(row["target"])) == true

    def check_changes(self) -> Iterator[tuple[str, bool]]:
        """thay đổi: p, q, từ; nếu nêu quý trước thì cả z và khoảng Newcombe"""
        families: dict[tuple[str, str], list[Any]] = {}
        moved = {code for pair in self.tree ^ (self.before or self).tree for code in (*pair, "VN")}
        for code, f in self.places.items():
            movement, told = f["movement"], f["movement"]["change"]
            yield f"{code}: có so sánh", bool(told) != (movement["word"] in ("–", "gián đoạn"))
            if told:
                members = families.setdefault((f["place"]["kind"], f["place"]["parent"]), [])
                members.append((told["p"], movement["q"], movement["word"], Fraction(told["diff"])))
                true = {"p": erfc(abs(told["z"]) / sqrt(2))}
                if self.before and code not in moved and "sáp nhập" not in f["marks"]:
                    key = (code, "satisfaction", movement["channel"], "after-result", "")
                    true = compare(self.before.cells[key], self.cells[key])
                yield f"{code}: z, p", all(isclose(Fraction(told[x]), true[x], abs_tol=1e-9) for x in true)
        for (kind, above), members in families.items():
            steps = {p: p * len(members) / sum(other[0] <= p for other in members) for p, *_ in members}
            for p, q, word, diff in members:
                true_q = min(step for other, step in steps.items() if other >= p)
                clear = true_q <= self.limits["alpha"] and diff != 0
                right = ("tăng" if diff > 0 else "giảm") if clear else "chưa thấy thay đổi rõ rệt"
                yield f"{above} {kind}: q và từ", isclose(q, true_q) and word == right


def main(where: str, sha256: str = "", earlier: str = "") -> bool | str:
    wrong: list[str] = []
    try:
        e = Edition(where, sha256, earlier)
        for check in (e.check_files, e.check_sums, e.check_table, e.check_changes):
            found = list(check())
            wrong += (bad := [what for what, good in found if not good])
            print("✗" if bad else "✓", f"{check.__doc__}: {'; '.join(bad[:5]) or f'{len(found)} phép so'}")
    except Exception as error:  # What cannot be understood is a difference, whatever it is.
        return f"✗ không đọc được hoặc không hiểu được: {error!r} {getattr(error, 'url', '')}"
    print(f"{e.manifest['edition']}, SHA-256 {e.sha256}: {'CÓ CHỖ KHÁC' if wrong else 'khớp'}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 4 else __doc__)
