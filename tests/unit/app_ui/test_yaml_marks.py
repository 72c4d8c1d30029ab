from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.yaml_marks import BadYaml, parse_yaml, read_yaml


def test_every_key_and_item_knows_its_line() -> None:
    data, marks = parse_yaml("a: 1\nlist:\n  - x\n  - k: v\n    m: w\n")
    assert data == {"a": 1, "list": ["x", {"k": "v", "m": "w"}]}
    assert marks == {
        (): 1, ("a",): 1, ("list",): 2, ("list", 0): 3, ("list", 1): 4, ("list", 1, "k"): 4,
        ("list", 1, "m"): 5,
    }  # fmt: skip


def test_a_duplicate_key_is_a_mistake_that_names_both_lines() -> None:
    document = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert [str(mistake) for mistake in document.mistakes] == [
        "dòng 4: b.c: khóa «c» đã có ở dòng 3 [duplicate-key]",
        "dòng 5: a: khóa «a» đã có ở dòng 1 [duplicate-key]",
    ]
    with pytest.raises(BadYaml, match="dòng 4"):
        parse_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("~", None),
        ("2026", 2026),
        ("-3", -3),
        ("2.5", 2.5),
        ('"1.0"', "1.0"),
        ("2025-07-18", "2025-07-18"),
        ("12:30", "12:30"),
        ("00123", "00123"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("1.0e999", "1.0e999"),
        ("!!str 5x", "5x"),
        ("5_to_8", "5_to_8"),
    ],
)
def test_plain_words_mean_what_they_look_like(written: str, value: object) -> None:
    data: Any = parse_yaml(f"key: {written}\n")[0]
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1,\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: x\x07\n", 2),
        ("a: *none\n", 1),
        ("a: 1\n---\nb: 2\n", 2),
    ],
)
def test_what_is_no_yaml_names_its_line(text: str, line: int) -> None:
    (mistake,) = read_yaml(text).mistakes
    assert (mistake.line, mistake.rule) == (line, "bad-yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\n\tb: 2\n", "phím Tab"),
        ("a: 1\n---\nb: 2\n", "«---»"),
        ("a: b: c\n", "dấu hai chấm ở chỗ không hợp lệ"),
        ("a:\n  b: 1\n c: 2\n", "thụt dòng"),
        ("a: [1, 2\nb: 3\n", "dấu đóng ngoặc"),
        ('a: "x\n', "chưa đóng"),
        ("a: *none\n", "dấu * trỏ tới chỗ không có"),
        ("a: ]\n", "thừa dấu đóng ngoặc"),
        ("a: %x\n", "ký tự dành riêng"),
        ("a: 1\n- b\n", "thụt dòng"),
    ],
)
def test_common_mistakes_of_yaml_are_explained_in_vietnamese(text: str, words: str) -> None:
    (mistake,) = read_yaml(text).mistakes
    assert words in mistake.message_vi


def test_a_text_that_is_too_long_or_too_deep_says_so_at_its_line_and_at_once() -> None:
    (long,) = read_yaml("a: " + "[" * 5_000_000).mistakes
    assert "tệp dài quá" in long.message_vi
    (many,) = read_yaml("a:\n" + "- x\n" * 25_000).mistakes
    assert (many.line > 19_000, "có hơn 20000 mục" in many.message_vi) == (True, True)
    (deep,) = read_yaml("".join(" " * depth + "a:\n" for depth in range(50))).mistakes
    assert (deep.line, deep.message_vi) == (32, "lồng nhau quá 30 tầng")


def test_tags_that_would_make_objects_are_refused() -> None:
    (mistake,) = read_yaml("a: !!python/name:os.system x\n").mistakes
    assert (mistake.line, mistake.rule) == (1, "bad-tag")


@pytest.mark.parametrize("text", ["? [1, 2]\n: x\n", "true: x\n", "~: x\n"])
def test_a_key_is_a_word_or_a_whole_number(text: str) -> None:
    assert [mistake.rule for mistake in read_yaml(text).mistakes] == ["bad-key"]
    assert parse_yaml("2025: {TC2: 8}")[0] == {2025: {"TC2": 8}}


def test_aliases_cannot_unfold_without_end() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (mistake,) = read_yaml("\n".join(rows)).mistakes
    assert "quá lớn" in mistake.message_vi
    assert read_yaml("a: &a [*a]").mistakes
    assert read_yaml("[" * 1200).mistakes


def test_an_empty_text_holds_nothing() -> None:
    assert read_yaml("# only a comment\n").data is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("abÂệ :-#'\"\n", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_what_another_writer_wrote_is_read_back(data: object) -> None:
    assert read_yaml(yaml.safe_dump(data, allow_unicode=True)).data == data


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("a:-[]{}&*!|>#\n \t\"'", max_size=40))
def test_no_text_makes_reading_raise_and_none_that_is_broken_passes(text: str) -> None:
    rules = {mistake.rule for mistake in read_yaml(text).mistakes}
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        assert rules == {"bad-yaml"}
    else:
        assert "bad-yaml" not in rules
