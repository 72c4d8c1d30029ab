"""What a schema cannot say of a questionnaire: that its parts fit together and its words are complete.

Each rule looks at whatever parts of the file have the right shape and passes over the rest, so that one
reading finds every mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from surveys.definition_letters import letter_faults
from surveys.definition_shape import Fault, Trail, as_written
from surveys.questions import BEST_LEVEL, FALLBACK_LANGUAGE, KINDS

Json: TypeAlias = dict[str, Any]

# Fields of the survey form that are not questions, and columns of the file of responses.
RESERVED_NAMES: Final = frozenset(
    {
        "id", "t", "token", "p", "lang", "csrf_token", "started", "receipt", "website", "url", "email",
        "response_id", "questionnaire", "version", "agency", "procedure", "phase", "channel",
        "source_channel", "answered_at", "language", "assigned", "volunteered", "contact",
    }
)  # fmt: skip
# The column of the file of responses that holds free text.
_TEXT_NAME: Final = "comment"


def rule_faults(data: object) -> Iterator[Fault]:
    """Every place at which the parts of a questionnaire do not fit together."""
    yield from letter_faults(data)
    if isinstance(data, dict):
        for rule in _RULES:
            yield from rule(data)


# --- reading a file that may be malformed anywhere ---


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _questions(data: Json) -> list[tuple[Trail, Json]]:
    listed = enumerate(_list(data.get("questions")))
    return [(("questions", index), item) for index, item in listed if isinstance(item, dict)]


def _options(question: Json) -> list[tuple[int, Json]]:
    listed = enumerate(_list(question.get("options")))
    return [(index, item) for index, item in listed if isinstance(item, dict)]


def _text(value: object) -> str:
    """A name that can be looked up: whatever is no string is nobody's name."""
    return value if isinstance(value, str) else ""


def _by_id(data: Json) -> dict[str, Json]:
    return {_text(question.get("id")): question for _, question in _questions(data)}


def _possible_answers(question: Json) -> set[int | str]:
    levels = range(1, BEST_LEVEL + 1) if question.get("type") == "scale" else ()
    return {*levels, *(_text(option.get("value")) for _, option in _options(question))}


def _marked(data: Json, key: str) -> list[tuple[Trail, Json]]:
    return [(trail, question) for trail, question in _questions(data) if key in question]


# --- the rules ---


def _languages(data: Json) -> Iterator[Fault]:
    """Vietnamese is the source and comes first; every text exists in every declared language."""
    declared = [language for language in _list(data.get("languages")) if isinstance(language, str)]
    if declared and declared[0] != FALLBACK_LANGUAGE:
        yield Fault(("languages",), "vietnamese-first", "tiếng Việt (vi) phải đứng đầu danh sách ngôn ngữ")
    for trail, texts in _localised(data):
        for language in declared:
            if language not in texts:
                yield Fault(trail, "missing-translation", f"thiếu lời bằng ngôn ngữ «{language}»")
        for language in texts:
            if declared and language not in declared:
                words = f"ngôn ngữ «{language}» không có trong «languages»"
                yield Fault((*trail, language), "undeclared-language", words)


def _localised(data: Json) -> Iterator[tuple[Trail, Json]]:
    """Every text for people, with its place."""
    places: list[tuple[Trail, object]] = [((key,), data.get(key)) for key in ("title", "intro", "thanks")]
    places += [(("levels", index), words) for index, words in enumerate(_list(data.get("levels")))]
    places.append((("rotation", "more"), _mapping(data.get("rotation")).get("more")))
    consent = _mapping(data.get("consent"))
    places += [(("consent", key), consent.get(key)) for key in ("agree", "refuse")]
    for index, group in enumerate(_list(data.get("groups"))):
        places.append((("groups", index, "label"), _mapping(group).get("label")))
    for trail, question in _questions(data):
        places += [((*trail, key), question.get(key)) for key in ("label", "hint")]
        places.append(((*trail, "label_if", "label"), _mapping(question.get("label_if")).get("label")))
        levels = enumerate(_list(question.get("levels")))
        places += [((*trail, "levels", index), words) for index, words in levels]
        places += [
            ((*trail, "options", index, "label"), option.get("label")) for index, option in _options(question)
        ]
    return ((trail, texts) for trail, texts in places if isinstance(texts, dict))


def _unique_names(data: Json) -> Iterator[Fault]:
    yield from _repeated(
        [((*trail, "id"), question.get("id")) for trail, question in _questions(data)],
        "duplicate-id", "mã câu hỏi «{}» đã dùng ở trên",
    )  # fmt: skip
    groups = enumerate(_list(data.get("groups")))
    yield from _repeated(
        [(("groups", index, "id"), _mapping(group).get("id")) for index, group in groups],
        "duplicate-id", "mã nhóm «{}» đã dùng ở trên",
    )  # fmt: skip
    for trail, question in _questions(data):
        place = (*trail, "options")
        yield from _repeated(
            [((*place, index, "value"), option.get("value")) for index, option in _options(question)],
            "duplicate-option", "giá trị «{}» của phương án đã dùng ở trên",
        )  # fmt: skip


def _repeated(names: list[tuple[Trail, object]], rule: str, words: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for trail, name in names:
        if isinstance(name, str):
            if name in seen:
                yield Fault(trail, rule, words.format(name))
            seen.add(name)


def _reserved_names(data: Json) -> Iterator[Fault]:
    for trail, question in _questions(data):
        name = _text(question.get("id"))
        if name in RESERVED_NAMES or (name == _TEXT_NAME and question.get("type") != "text"):
            words = f"mã «{name}» dành riêng cho biểu mẫu và tệp phiếu trả lời; hãy chọn mã khác"
            yield Fault((*trail, "id"), "reserved-id", words)


def _skip_rules(data: Json) -> Iterator[Fault]:
    """A condition looks at an earlier question and at answers which that question can have."""
    known = _by_id(data)
    earlier: set[str] = set()
    for trail, question in _questions(data):
        conditions = [
            ((*trail, "show_if"), question.get("show_if")),
            ((*trail, "label_if", "when"), _mapping(question.get("label_if")).get("when")),
        ]
        for place, condition in conditions:
            if isinstance(condition, dict):
                yield from _reference(condition, place, known, ("in", "not_in"))
                name = _text(condition.get("question"))
                if name in known and name not in earlier:
                    words = f"câu «{name}» không đứng trước câu này, điều kiện chỉ được trỏ về câu trước"
                    yield Fault((*place, "question"), "forward-rule", words)
        earlier.add(_text(question.get("id")))


def _phase_rule(data: Json) -> Iterator[Fault]:
    rule = data.get("phase_from")
    if isinstance(rule, dict):
        yield from _reference(rule, ("phase_from",), _by_id(data), ("just_submitted",))


def _reference(rule: Json, trail: Trail, known: dict[str, Json], keys: tuple[str, ...]) -> Iterator[Fault]:
    name = rule.get("question")
    if not isinstance(name, str):
        return
    target = known.get(name)
    if target is None:
        words = f"điều kiện trỏ tới câu «{name}» không có trong phiếu"
        yield Fault((*trail, "question"), "dangling-rule", words)
        return
    kind = KINDS.get(_text(target.get("type")))
    if kind is None:
        return
    if not kind.steers:
        words = f"câu «{name}» là câu viết chữ, không làm điều kiện được"
        yield Fault((*trail, "question"), "text-rule", words)
        return
    possible = _possible_answers(target)
    for key in keys:
        for index, value in enumerate(_list(rule.get(key))):
            if isinstance(value, list | dict | bool) or value not in possible:
                words = f"câu «{name}» không có câu trả lời «{as_written(value)}»"
                yield Fault((*trail, key, index), "dangling-answer", words)


def _indicator(data: Json) -> Iterator[Fault]:
    marked = _marked(data, "indicator")
    if "questions" in data and not marked:
        yield Fault(("questions",), "no-indicator", "cần một câu có «indicator: satisfaction»")
    for trail, _ in marked[1:]:
        first = _text(marked[0][1].get("id"))
        words = f"chỉ một câu được có «indicator»; câu «{first}» đã có"
        yield Fault((*trail, "indicator"), "several-indicators", words)
    for trail, question in marked:
        if question.get("type") != "scale":
            words = "câu có «indicator» phải thuộc loại scale"
            yield Fault((*trail, "indicator"), "indicator-not-scale", words)


def _criteria(data: Json) -> Iterator[Fault]:
    marked = _marked(data, "criterion")
    yield from _repeated(
        [((*trail, "criterion"), question["criterion"]) for trail, question in marked],
        "several-criteria", "tiêu chí «{}» đã gắn cho một câu ở trên",
    )  # fmt: skip
    for trail, question in marked:
        if question["criterion"] == "TC2":
            for index, option in _options(question):
                if "minutes" not in option and option.get("missing") is not True:
                    words = "phương án của câu TC2 cần «minutes» (số phút giữa khoảng) hoặc «missing: true»"
                    yield Fault((*trail, "options", index), "no-minutes", words)


def _scales(data: Json) -> Iterator[Fault]:
    for trail, question in _questions(data):
        if question.get("type") != "scale":
            if question.get("factor") is True:
                yield Fault((*trail, "factor"), "factor-not-scale", "dòng yếu tố phải thuộc loại scale")
            continue
        if "levels" not in question and "levels" not in data:
            words = "thang năm mức cần «levels» ở đây hoặc ở đầu phiếu"
            yield Fault(trail, "no-levels", words)
        for index, option in _options(question):
            place = (*trail, "options", index)
            if option.get("missing") is not True:
                words = "phương án ngoài năm mức phải có «missing: true»"
                yield Fault(place, "extra-level", words)
            if _text(option.get("value")).isdigit():
                words = "giá trị của phương án ngoài năm mức không được là số"
                yield Fault((*place, "value"), "extra-level", words)


def _choices(data: Json) -> Iterator[Fault]:
    for trail, question in _questions(data):
        limit = question.get("max_choices")
        if isinstance(limit, int | float) and limit > len(_list(question.get("options"))) > 0:
            yield Fault((*trail, "max_choices"), "out-of-range", "số được chọn nhiều hơn số phương án")


def _groups(data: Json) -> Iterator[Fault]:
    known = {_text(_mapping(group).get("id")) for group in _list(data.get("groups"))}
    for trail, question in _marked(data, "group"):
        if isinstance(question["group"], str) and question["group"] not in known:
            words = f"nhóm «{question['group']}» không có trong «groups»"
            yield Fault((*trail, "group"), "dangling-group", words)


def _rotation(data: Json) -> Iterator[Fault]:
    rotation = _mapping(data.get("rotation"))
    known = _by_id(data)
    rows = _list(rotation.get("of"))
    for index, row in enumerate(rows):
        place = ("rotation", "of", index)
        question = known.get(_text(row))
        if question is None:
            if isinstance(row, str):
                yield Fault(place, "dangling-row", f"dòng xoay vòng «{row}» không có trong phiếu")
        elif question.get("factor") is not True:
            yield Fault(place, "row-not-factor", f"dòng xoay vòng «{row}» chưa có «factor: true»")
        elif question.get("required") is True:
            words = f"dòng xoay vòng «{row}» không được bắt buộc, vì có phiếu không hỏi dòng đó"
            yield Fault(place, "row-required", words)
    pick = rotation.get("pick")
    if isinstance(pick, int | float) and rows and pick >= len(rows):
        yield Fault(("rotation", "pick"), "out-of-range", f"phải chọn ít hơn số dòng xoay vòng ({len(rows)})")


def _comparable(data: Json) -> Iterator[Fault]:
    for index, version in enumerate(_list(data.get("comparable_with"))):
        if isinstance(version, str) and version == data.get("version"):
            words = "phiên bản này không cần so sánh với chính nó"
            yield Fault(("comparable_with", index), "own-version", words)


_RULES: Final[tuple[Callable[[Json], Iterator[Fault]], ...]] = (
    _languages, _unique_names, _reserved_names, _skip_rules, _phase_rule, _indicator, _criteria,
    _scales, _choices, _groups, _rotation, _comparable,
)  # fmt: skip
