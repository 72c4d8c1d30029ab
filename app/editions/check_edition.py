"""Kiểm tra một kỳ công bố bằng số học. Chỉ cần Python, không cần gì của nơi công bố.

    python3 kiem-tra.py ĐỊA_CHỈ_HOẶC_THƯ_MỤC [SHA-256] [ĐỊA_CHỈ_HOẶC_THƯ_MỤC_CỦA_QUÝ_TRƯỚC]

Mỗi phép kiểm in một dòng; có chỗ khác thì kết thúc với mã 1.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import erfc, hypot, isclose, sqrt
from pathlib import Path
from typing import Any

Z, SHOWN = 1.959963984540054, 5
VERIFIED = ("link", "field", "import")
HIDDEN = {"hidden": True, "n": 0, "satisfied": 0, "n_eff": 0, "levels": None}
ZERO = HIDDEN | {"hidden": False}
Found = tuple[str, bool]
Cells = dict[tuple[str, ...], dict[str, Any]]


class Edition:
    def __init__(self, where: str) -> None:
        self.where = where.rstrip("/")
        raw = self.read("manifest.json")
        self.sha256, self.manifest = hashlib.sha256(raw).hexdigest(), json.loads(raw)
        self.names = [file["path"] for file in self.manifest["files"]]
        self.lines = self.read("figures.ndjson").splitlines(keepends=True)
        self.places = {line["place"]["code"]: line for line in map(json.loads, self.lines)}
        self.limits = json.loads(self.read("thresholds.json"))
        self.directory = json.loads(self.read("directory.json"))

    def read(self, name: str) -> bytes:
        if not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", name, re.ASCII):
            raise ValueError(f"tên tệp lạ: {name}")
        if "://" not in self.where:
            return (Path(self.where) / name).read_bytes()
        with urllib.request.urlopen(f"{self.where}/tep/{name}", timeout=120) as answer:
            return bytes(answer.read())

    def enough(self, cell: dict[str, Any], threshold: str = "verdict") -> bool:
        return int(min(cell["n"], cell["n_eff"] + 1e-9)) >= int(self.limits[threshold])


def close(a: float, b: float, within: float = 1e-9) -> bool:
    return isclose(a, b, rel_tol=1e-9, abs_tol=within)


def wilson(p: float, n: float) -> tuple[float, float]:
    s = Z * Z / n
    middle, reach = (p + s / 2) / (1 + s), sqrt(s * p * (1 - p) + s * s / 4) / (1 + s)
    return max(0.0, min(middle - reach, p)), min(1.0, max(middle + reach, p))


def adjusted(ps: list[float]) -> list[float]:
    """Benjamini–Hochberg."""
    found, least = [1.0] * len(ps), 1.0
    for place, index in enumerate(sorted(range(len(ps)), key=lambda at: ps[at], reverse=True)):
        found[index] = least = min(least, ps[index] * len(ps) / (len(ps) - place))
    return found


def total(parts: list[dict[str, Any]]) -> dict[str, Any]:
    unknown = any(part["levels"] is None and part["n"] for part in parts)
    columns = zip(*(part["levels"] or [0] * 5 for part in parts), strict=True)
    sums = {name: sum(part[name] for part in parts) for name in ("n", "satisfied", "n_eff")}
    levels = None if unknown else [sum(column) for column in columns]
    return {"hidden": any(part["hidden"] for part in parts), "levels": levels, **sums}


def adds_up(whole: dict[str, Any], parts: list[dict[str, Any]]) -> bool:
    """Exactly where every part is shown; beside a hidden one the whole cannot be smaller than the others."""
    found = total(parts)
    if whole["hidden"]:
        return True
    if found["hidden"]:
        return bool(whole["n"] >= found["n"] and whole["satisfied"] >= found["satisfied"])
    same = (whole["n"], whole["satisfied"]) == (found["n"], found["satisfied"])
    return same and (not whole["levels"] or not found["levels"] or whole["levels"] == found["levels"])


def cells(f: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any], float | None]]:
    """Every satisfied share of a place, with the effective number of answers where it can be derived."""
    whole, parts = f["official"], [part["cell"] for part in f["channels"]]
    deff = whole["n"] / whole["n_eff"] if whole["n"] else 1.0
    known = whole["n"] and parts and not any(part["hidden"] for part in parts)
    weight = sum(part["n"] ** 2 / part["n_eff"] for part in parts if part["n"])
    yield ("chính thức",), whole, whole["n"] ** 2 / weight if known else None
    for part in f["channels"]:
        simple = part["channel"] != "field"
        yield ("kênh", part["channel"]), part["cell"], part["cell"]["n"] if simple else None
    for part in f["apart"]:
        yield ("ngoài", part["channel"], part["phase"]), part["cell"], part["cell"]["n"]
    for factor in f["factors"]:
        for name, cell in (("yếu tố", factor["cell"]), ("tự chọn", factor["volunteered"])):
            yield (name, factor["question"]), cell, cell["n"] / deff
    for place, cell in f["procedures"]:
        yield ("thủ tục", place["code"]), cell, None


def numbers(f: Any) -> Cells:
    """Everything that adds up from agencies to the nation; questions and options as cells of a number."""
    found: Cells = defaultdict(lambda: ZERO)
    pairs = [(name, cell) for name, cell, _ in cells(f) if name[0] != "thủ tục"]
    pairs += [(("để riêng", why), HIDDEN if n is None else ZERO | {"n": n}) for why, n in f["set_aside"]]
    for q in f["questions"]:
        pairs.append((("câu", q["question"]), HIDDEN if q["counts"] is None else ZERO | {"n": q["n"]}))
        pairs += [(("câu", q["question"], value), ZERO | {"n": n}) for value, n in q["counts"] or ()]
    for name, cell in pairs:
        found[name] = total([found[name], cell]) if name in found else cell
    return found


def check_files(e: Edition, given: str) -> Iterator[Found]:
    yield f"manifest.json: mã băm là {e.sha256}", given in ("", e.sha256)
    for file in e.manifest["files"]:
        raw = e.read(file["path"])
        yield file["path"], (hashlib.sha256(raw).hexdigest(), len(raw)) == (file["sha256"], file["bytes"])
    start, index = 0, {}
    for line, (code, f) in zip(e.lines, e.places.items(), strict=True):
        index[code] = [start, len(line), f["place"]["parent"]]
        start += len(line)
    yield "figures.index.json", json.loads(e.read("figures.index.json")) == index
    yield "directory.json", e.directory["places"] == [f["place"] for f in e.places.values()]


def check_cells(e: Edition, _: object) -> Iterator[Found]:
    for code, f in e.places.items():
        yield f"{code}: ngưỡng, kỳ", f["thresholds"] == e.limits and f["quarter"] == e.manifest["period"]
        for name, c, size in cells(f):
            levels, n = c["levels"], c["n"]
            good = 0 <= c["satisfied"] <= n and (levels is not None) == (n >= e.limits["verdict"])
            if levels:
                good = good and (sum(levels), sum(levels[:2])) == (n, c["satisfied"]) and min(levels) >= 0
            good = good and (c["n_eff"] > 0) == (n > 0) and c["n_eff"] <= n * (1 + 1e-9)
            good = good and (size is None or close(c["n_eff"], size))
            yield f"{code}: {' '.join(name)}", c == HIDDEN if c["hidden"] else good
        yield f"{code}: tỷ lệ trả lời", answered(f)


def answered(f: Any) -> bool:
    """The response rate follows from links where nothing but links was counted."""
    counted = [part for part in f["channels"] if part["cell"]["n"] or part["cell"]["hidden"]]
    if len(counted) != 1 or counted[0]["channel"] != "link" or not counted[0]["offered"]:
        return f["response_rate"] is None or any(part["cell"]["hidden"] for part in f["channels"])
    share = Fraction(counted[0]["answered"], counted[0]["offered"])
    if counted[0]["cell"]["hidden"] or share > 1:
        return f["response_rate"] is None and f["response_rate_flagged"] == (share > 1)
    return f["response_rate"] is not None and Fraction(f["response_rate"]) == share


def check_sums(e: Edition, _: object) -> Iterator[Found]:
    below, found = defaultdict(list), {code: numbers(f) for code, f in e.places.items()}
    for code, f in e.places.items():
        below[f["place"]["parent"]].append(code)
        secret, parts = f["official"]["hidden"], [part["cell"] for part in f["channels"]]
        yield f"{code}: tổng các kênh", not parts if secret else adds_up(f["official"], parts)
        for q in f["questions"]:
            told = [n for value, n in q["counts"] or () if value not in q["missing"]]
            good = max(told, default=0) <= q["n"] <= sum(told) and min(told, default=0) >= 0
            yield f"{code}: câu {q['question']}", q["counts"] is None or good
    for code, children in ((code, below[code]) for code in e.places):
        shown = [found[child]["chính thức",] for child in children]
        shown = [cell for cell in shown if cell["n"] >= e.limits["disclosure"]]
        counted = (e.places[code]["covered"], e.places[code]["members"])
        yield f"{code}: số nơi có số liệu", counted == (len(shown), len(children))
        for name in {name for each in (code, *children) for name in found[each] if children}:
            parts = [part(found[child], name) for child in children]
            yield f"{code}: {' '.join(name)}", adds_up(part(found[code], name), parts)


def part(found: Cells, name: tuple[str, ...]) -> dict[str, Any]:
    """A number of a place; where the place or the question is hidden, so is all that belongs to it."""
    own = name[0] in ("ngoài", "để riêng")
    if (not own and found["chính thức",]["hidden"]) or (name[0] == "câu" and found[name[:2]]["hidden"]):
        return HIDDEN
    return found[name]


def sample(f: Any, channel: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [each["cell"] for each in f["channels"] if each["channel"] == channel]
    return found[0] if found else HIDDEN


def check_changes(e: Edition, before: Edition | None) -> Iterator[Found]:
    for code, f in e.places.items():
        movement, now = f["movement"], sample(f, f["movement"]["channel"])
        change = movement["change"]
        if change is None:
            yield f"{code}: không so sánh", movement["word"] in ("–", "gián đoạn") and movement["q"] is None
            continue
        z, diff = change["z"], Fraction(change["diff"])
        good = e.enough(now) and close(change["p"], erfc(abs(z) / sqrt(2))) and z * diff >= 0
        yield f"{code}: thay đổi, z và p", good
        olds = list_before(e, before, f) if before else []
        if olds:
            yield f"{code}: thay đổi so với quý trước", follows(change, total(olds), now)


def list_before(e: Edition, before: Edition, f: Any) -> list[dict[str, Any]]:
    """The cells of the quarter before that make up a place; none where that cannot be seen from outside."""
    heirs, code, channel = e.directory["successors"], f["place"]["code"], f["movement"]["channel"]
    if f["place"]["kind"] in ("nation", "province"):
        parents = {other: g["place"]["parent"] for other, g in e.places.items()}
        for other, g in before.places.items():
            if parents.get(heirs.get(other, other)) != g["place"]["parent"]:
                return []
    codes = [code, *(other for other, heir in heirs.items() if heir == code)]
    found = [sample(before.places[other], channel) for other in codes if other in before.places]
    return [] if channel == "field" and len(found) > 1 else found


def follows(change: Any, old: dict[str, Any], now: dict[str, Any]) -> bool:
    """z and Newcombe's interval again; a change against a number that was hidden must not be told."""
    if old["hidden"] or not old["n"]:
        return False
    p, q = Fraction(old["satisfied"], old["n"]), Fraction(now["satisfied"], now["n"])
    m, n, gap = old["n_eff"], now["n_eff"], float(q - p)
    pooled = (p * Fraction(m) + q * Fraction(n)) / (Fraction(m) + Fraction(n))
    z = gap / sqrt(pooled * (1 - pooled) * (1 / Fraction(m) + 1 / Fraction(n))) if 0 < pooled < 1 else 0.0
    (a, b), (c, d) = wilson(float(p), m), wilson(float(q), n)
    low, high = gap - hypot(float(q) - c, b - float(p)), gap + hypot(d - float(q), float(p) - a)
    told = [change["z"], change["low"], change["high"]]
    same = all(map(close, told, [z, max(low, -1.0), min(high, 1.0)]))
    return same and Fraction(change["diff"]) == q - p


def check_words(e: Edition, _: object) -> Iterator[Found]:
    told = {code: f["movement"] for code, f in e.places.items() if f["movement"]["change"]}
    seen = []
    for family in json.loads(e.read("families.json")):
        rows = family["members"]
        for row, q in zip(rows, adjusted([row["p"] for row in rows]), strict=True):
            seen.append(row["place"])
            place, movement = e.places[row["place"]]["place"], told[row["place"]]
            diff = Fraction(movement["change"]["diff"])
            clear = q <= e.limits["alpha"] and diff != 0
            word = ("tăng" if diff > 0 else "giảm") if clear else "chưa thấy thay đổi rõ rệt"
            agency = place["kind"] not in ("nation", "province")
            good = family["family"] == (f"{place['parent']}/{place['kind']}" if agency else place["kind"])
            good = good and close(row["p"], movement["change"]["p"]) and close(q, row["q"])
            yield f"{row['place']}: họ, p, q, từ", good and close(q, movement["q"]) and (
                row["word"] == movement["word"] == word
            )  # fmt: skip
    yield "mỗi thay đổi thuộc đúng một họ", sorted(seen) == sorted(told)


def check_table(e: Edition, _: object) -> Iterator[Found]:
    if "data/ket-qua.csv" not in e.names:
        return
    rows = list(csv.DictReader(io.StringIO(e.read("data/ket-qua.csv").decode("utf-8-sig"))))
    kinds = {"factor": "yếu tố", "factor-volunteered": "tự chọn", "procedure": "thủ tục"}
    known = {(code, *name): cell for code, f in e.places.items() for name, cell, _ in cells(f)}
    targets, seen = json.loads(e.read("targets.json")), set()
    for row in rows:
        if row["measure"] == "satisfaction":
            verified = row["channel"] in VERIFIED and row["phase"] == "after-result"
            stream = ("kênh", row["channel"]) if verified else ("ngoài", row["channel"], row["phase"])
            key = (row["place"], *(("chính thức",) if row["channel"] == "verified" else stream))
        elif row["measure"] in kinds:
            key = (row["place"], kinds[row["measure"]], "" if row["item"] == "none" else row["item"])
        else:
            continue
        seen.add(key)
        good = key in known and fits(row, known[key], e)
        if good and key[1] == "chính thức":
            good = judged(row, known[key], e.places[key[0]], targets, e)
        yield f"bảng CSV, {' '.join(key)}", good
    yield "bảng CSV: đủ dòng", seen == set(known)
    records = json.loads(e.read("data/ket-qua.json"))["rows"]
    told = [{name: text for name, text in row.items() if text} for row in rows]
    spelt = [{name: spell(value) for name, value in row.items()} for row in records]
    yield "bảng JSON như bảng CSV", [{k: v for k, v in row.items() if v} for row in spelt] == told


def spell(value: Any) -> str:
    """As the table writes it: an apostrophe keeps a spreadsheet from taking words for a formula."""
    if isinstance(value, bool):
        return str(value).lower()
    formula = isinstance(value, str) and value[:1] in tuple("=+-@\t\r") and value
    return f"'{value}" if formula and not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", formula) else str(value)


def fits(row: dict[str, str], cell: dict[str, Any], e: Edition) -> bool:
    """A row of the table against its cell: numbers of answers, rate and Wilson interval."""
    if cell["hidden"] or 0 < cell["n"] < e.limits["disclosure"]:
        return row["status"] == "bm" and not any(row[name] for name in ("n", "satisfied", "rate", "low"))
    if not cell["n"]:
        return row["n"] == "0" and not row["rate"]
    rate, exact = cell["satisfied"] / cell["n"], row["rate_kind"] == "exact"
    good = row["n"] == str(cell["n"]) and close(float(row["n_eff"]), cell["n_eff"], 0.0501)
    if exact:
        good = good and row["satisfied"] == str(cell["satisfied"]) and close(float(row["rate"]), rate)
    levels = [row[f"level_{level}"] for level in "54321"]
    good = good and levels == ([str(n) for n in cell["levels"]] if cell["levels"] else [""] * 5)
    # Printed with one decimal of a percent, outwards where only a bound is told.
    within = 0.000501 if exact else 0.001001
    return good and all(
        abs(float(row[name]) - end) <= within
        for name, end in zip(("low", "high"), wilson(rate, cell["n_eff"]), strict=True)
    )


def judged(row: dict[str, str], cell: dict[str, Any], f: Any, targets: Any, e: Edition) -> bool:
    """The verdict on the official rate, and whether the statistics suffice for it."""
    place = f["place"]
    scope = place["code"] if place["kind"] in ("nation", "province") else place["parent"]
    goal = targets.get(scope, {}).get("TC4")
    if goal is None or cell["hidden"] or not cell["n"]:
        return row["verdict"] in ("", "bm")
    if not e.enough(cell):
        return row["verdict"] == "too-few"
    limit, at_least = Fraction(goal["limit"]), goal["operator"] == ">="
    rate, ends = Fraction(cell["satisfied"], cell["n"]), wilson(cell["satisfied"] / cell["n"], cell["n_eff"])
    met = [value >= limit if at_least else value < limit for value in (rate, *ends)]
    heard = f["response_rate"] and Fraction(f["response_rate"]) >= Fraction(e.limits["response_rate"])
    certain = bool(heard) and met[0] == met[1] == met[2]
    return close(float(row["target"]), float(limit)) and (row["verdict"], row["certain"]) == (
        "met" if met[0] else "not-met", str(certain).lower(),
    )  # fmt: skip


def find_before(e: Edition, given: str) -> Edition | None:
    """The quarter that changes compare with: as given, or beside this edition."""
    named = e.manifest.get("compared")
    if not named:
        return None
    try:
        before = Edition(given or f"{e.where.rpartition('/')[0] or '.'}/{named['edition']}")
    except (OSError, ValueError) as error:
        print(f"– không đọc được quý trước ({error}); thay đổi chỉ được kiểm qua z, p, q và từ")
        return None
    if before.sha256 != named["sha256"]:
        raise ValueError(f"quý trước {named['edition']} có mã băm khác với mã ghi trong manifest.json")
    return before


def main(where: str, given: str = "", earlier: str = "") -> int:
    try:
        edition = Edition(where)
        before = find_before(edition, earlier)
    except (OSError, ValueError, KeyError) as error:
        print(f"✗ không đọc được kỳ công bố: {error}")
        return 1
    wrong = 0
    checks: list[tuple[str, Callable[[Edition, Any], Iterator[Found]], object]] = [
        ("danh mục và mã băm của mọi tệp", check_files, given),
        ("số phiếu, mức hài lòng, số phiếu hiệu dụng", check_cells, None),
        ("tổng theo kênh, cơ quan, tỉnh, cả nước", check_sums, None),
        ("thay đổi: z, p, khoảng Newcombe", check_changes, before),
        ("từ chỉ thay đổi theo Benjamini–Hochberg", check_words, None),
        ("dữ liệu mở: tỷ lệ, khoảng Wilson, kết luận", check_table, None),
    ]
    for words, check, extra in checks:
        try:
            found = list(check(edition, extra))
        except Exception as error:  # What cannot be understood is a difference, whatever it is.
            found = [(f"không hiểu được ({error!r})", False)]
        bad = [what for what, good in found if not good]
        wrong += len(bad)
        told = f"{len(bad)} chỗ khác: {'; '.join(bad[:SHOWN])}" if bad else f"{len(found)} phép so"
        print("✗" if bad else "✓", f"{words}: {told}")
    print(f"{edition.manifest['edition']}, SHA-256 {edition.sha256}: {'CÓ CHỖ KHÁC' if wrong else 'khớp'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if 2 <= len(sys.argv) <= 4 else __doc__)
