"""Nobody stands alone in microdata: whatever leaves is shared by enough rows, and says nothing untrue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.generalising import ANY, CIRCUMSTANCES, Generaliser

LEAST = 5
PROVINCE = {"A1": "14", "A2": "14", "B1": "51"}
NAME = "answer"
people = st.lists(
    st.tuples(
        st.sampled_from(sorted(PROVINCE)), st.sampled_from(["1.000001", "1.000002", ""]),
        st.sampled_from(["link", "qr"]), st.sampled_from(["vi", "vi", "vi", "en"]),
        st.sampled_from(["2026-Q2", "2026-Q3"]),
    ),
    max_size=80,
)  # fmt: skip


def parts_of(
    agency: str, rows: list[tuple[int, tuple[str, ...]]]
) -> tuple[pa.Table, Any, Callable[[Any], pa.Table]]:
    """Circumstances, each of them told twice; which of them each row has; and the answers."""
    known = [*dict.fromkeys(row for _, row in rows)] * 2
    kinds = [
        {
            "quarter": quarter, "province": PROVINCE[agency], "agency": agency, "procedure": procedure,
            "channel": channel, "phase": "after-result", "questionnaire": "Q", "version": "1",
            "language": language,
        }
        for _, procedure, channel, language, quarter in known
    ]  # fmt: skip
    half = len(known) // 2
    kind_of_row = np.array([known.index(row) + half * (number % 2) for number, row in rows])
    answers = pa.table({NAME: pa.array([str(number) for number, _ in rows], pa.string())})
    schema = pa.schema([(name, pa.string()) for name in CIRCUMSTANCES])
    return (
        pa.Table.from_pylist(kinds, schema=schema),
        kind_of_row,
        lambda chosen: answers.take(pa.array(chosen)),
    )


def generalised(folder: Path, given: list[tuple[str, ...]]) -> tuple[list[dict[str, str]], Generaliser]:
    made = Generaliser(LEAST, folder)
    found: list[dict[str, str]] = []
    for agency in PROVINCE:
        rows = [(number, row) for number, row in enumerate(given) if row[0] == agency]
        if rows:
            found += [record for table in made.take(*parts_of(agency, rows)) for record in table.to_pylist()]
    found += [record for table in made.finish() for record in table.to_pylist()]
    return found, made


@given(given=people)
def test_every_row_shares_its_circumstances_with_enough_others(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[str, ...]]
) -> None:
    found, made = generalised(tmp_path_factory.getbasetemp(), given)
    company = Counter(tuple(record[name] for name in CIRCUMSTANCES) for record in found)
    assert all(count >= LEAST for count in company.values())
    assert (made.written, made.written + made.left_out) == (len(found), len(given))
    assert made.generalised == sum(ANY in record.values() for record in found)


@given(given=people)
def test_what_is_told_is_true_and_no_row_leaves_twice(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[str, ...]]
) -> None:
    found, _ = generalised(tmp_path_factory.getbasetemp(), given)
    assert len({record[NAME] for record in found}) == len(found)
    for record in found:
        agency, procedure, channel, language, quarter = given[int(record[NAME])]
        assert record["quarter"] == quarter and record["phase"] == "after-result"
        true = {"agency": agency, "province": PROVINCE[agency], "procedure": procedure, "channel": channel,
                "language": language}  # fmt: skip
        assert all(record[name] in (value, ANY) for name, value in true.items())
        assert ANY in (record["language"], record["agency"]) or record["agency"] == agency


@given(given=people)
def test_nothing_is_left_out_that_need_not_be(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[str, ...]]
) -> None:
    """Who has enough company in full circumstances keeps them all."""
    found, _ = generalised(tmp_path_factory.getbasetemp(), given)
    whole = Counter(given)
    told = {record[NAME]: ANY in record.values() for record in found}
    for number, row in enumerate(given):
        if whole[row] >= LEAST:
            assert told[str(number)] is False


def test_the_order_tells_nothing(tmp_path: Path) -> None:
    rows = [("A1", "1.000001", "link", "vi", "2026-Q3")] * 60
    orders = [[record[NAME] for record in generalised(tmp_path, rows)[0]] for _ in range(2)]
    assert sorted(orders[0], key=int) == [str(number) for number in range(60)]
    assert orders[0] != orders[1] and orders[0] != sorted(orders[0], key=int)


def test_nothing_stays_on_the_disk(tmp_path: Path) -> None:
    _, made = generalised(tmp_path, [("B1", "", "qr", "en", "2026-Q2")] * 3)
    assert made.left_out == 3
    assert list(tmp_path.iterdir()) == []
