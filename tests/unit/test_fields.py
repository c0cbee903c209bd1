"""A field is one declaration: whatever else it needs is there, or is named here.

The scratch field is walked through a conversation in ``tests/conversations/test_new_field.py``.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from bot.application.kinds import Choice, Count, Sections, Year
from bot.application.questions import QUESTIONS, SECTIONS, Question, application_fields, question
from bot.handoff.schema import VERSIONS, path_of
from bot.rating import DEDUCTIBLES, FREQUENCIES, PRODUCTS
from bot.settings import PROJECT
from bot.texts import entry
from tests.scratch_field import (
    DECLARATION,
    DOMAIN,
    SCHEMA,
    SLOT,
    change,
    changed_files,
    copy_of_the_tree,
    declare,
    run,
)
from tests.scratch_field import (
    QUESTIONS as QUESTIONS_FILE,
)

TEXTS = ("label", "why", "how", "hint")
# What else Rasa knows of a draft.
STATE_SLOTS = {"open_question", "pending", "draft_status", "reference"}
NOT_ASKED = {"broker_number", "broker_name"}
ADDED = {"signed_at", *NOT_ASKED}


def missing_parts() -> list[str]:
    """What fields need and have not, each by the field's name and where it belongs."""
    return [*_missing_texts(), *_missing_slots(), *_missing_in_schema(), *_misread_numbers()]


def _missing_texts() -> Iterator[str]:
    texts = entry("questions")
    for each in QUESTIONS:
        needed = [*TEXTS, *(() if _is_step(each) else ("names",))]
        if not each.legal:
            needed.append("ask")
        for name in needed:
            if name not in texts[each.key]:
                yield f"{each.key}: {name} in {QUESTIONS_FILE}"


def _is_step(each: Question) -> bool:
    """Whether it only confirms or describes what other answers say."""
    return each.internal or each.must_be_true


def _missing_slots() -> Iterator[str]:
    slots = set(yaml.safe_load((PROJECT / DOMAIN).read_text(encoding="utf-8"))["slots"])
    expected = {*application_fields(), *STATE_SLOTS, *NOT_ASKED}
    yield from (f"{name}: slot in {DOMAIN}" for name in sorted(expected - slots))
    yield from (f"{name}: declaration in {QUESTIONS_FILE}" for name in sorted(slots - expected))


def _missing_in_schema() -> Iterator[str]:
    described: set[str] = set()
    for version in VERSIONS:
        path = path_of(version)
        if path.is_file():
            schema = json.loads(path.read_text(encoding="utf-8"))
            described = set(schema["definitions"]["HandedApplication"]["properties"])
    expected = {*application_fields(), *ADDED}
    for name in sorted(expected - described):
        yield f"{name}: JSON Schema, with `since` and python -m bot.handoff.schema"


def _misread_numbers() -> Iterator[str]:
    for each in QUESTIONS:
        kind = each.kind
        four_digits = isinstance(kind, Count) and kind.minimum >= 1000 and kind.maximum <= 9999
        if four_digits and not isinstance(kind, Year):
            yield f"{each.key}: kind Year in {QUESTIONS_FILE}, else it is shown with a point"


def test_no_field_lacks_a_part() -> None:
    assert missing_parts() == []


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("product", PRODUCTS),
        ("deductible", DEDUCTIBLES),
        ("payment_frequency", FREQUENCIES),
        ("change_topics", SECTIONS[1:-1]),
    ],
)
def test_what_a_choice_offers_is_what_the_code_knows(key: str, codes: tuple[str, ...]) -> None:
    kind = question(key).kind
    assert isinstance(kind, Choice)
    assert kind.codes == codes


# --- a field that is new ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = copy_of_the_tree(tmp_path_factory.mktemp("tree"))
    declare(copied)
    return copied


PRINTING = "from tests.unit.test_fields import missing_parts; print(*missing_parts(), sep='\\n')"


def parts_missing_in(tree: Path) -> list[str]:
    return run(tree, "-c", PRINTING).strip().splitlines()


@pytest.fixture
def spoil(tree: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Replace something in a file of the tree until the test is over."""
    before: dict[Path, str] = {}

    def replace(name: str, part: str, instead: str) -> None:
        before.setdefault(tree / name, (tree / name).read_text(encoding="utf-8"))
        change(tree, name, lambda words: words.replace(part, instead))

    yield replace
    for path, words in before.items():
        path.write_text(words, encoding="utf-8")


def without(declaration: str, *names: str) -> str:
    """The declaration without the entries of these names."""
    kept, leaving = [], False
    for line in declaration.splitlines(keepends=True):
        leaving = line.startswith(tuple(f"  {name}:" for name in names)) or (
            leaving and line.startswith("    ")
        )
        if not leaving:
            kept.append(line)
    return "".join(kept)


def test_a_new_field_is_declared_in_at_most_four_files(tree: Path) -> None:
    assert changed_files(tree) == {QUESTIONS_FILE, DOMAIN, SCHEMA}
    assert parts_missing_in(tree) == []


def test_every_part_that_is_left_out_is_named(tree: Path, spoil) -> None:
    texts = ("label", "names", "ask", "why", "how", "hint")
    counted = DECLARATION.replace("{Year: {", "{Count: {minimum: 1000, ")
    spoil(QUESTIONS_FILE, DECLARATION, without(counted, *texts, "since"))
    spoil(DOMAIN, SLOT, "")
    found = parts_missing_in(tree)
    for part in (*texts, "slot in domain.yml", "JSON Schema", "kind Year"):
        assert [each for each in found if each.startswith(f"founded_year: {part}")], part
    assert len(found) == len(texts) + 3


def test_a_declaration_that_is_left_out_is_named(tree: Path, spoil) -> None:
    spoil(QUESTIONS_FILE, DECLARATION, "")
    assert f"founded_year: declaration in {QUESTIONS_FILE}" in parts_missing_in(tree)


@pytest.mark.parametrize("left_out", ["section", "kind"])
def test_what_no_question_can_do_without_is_named_at_the_start(
    tree: Path, spoil, left_out: str
) -> None:
    spoil(QUESTIONS_FILE, DECLARATION, without(DECLARATION, left_out))
    with pytest.raises(AssertionError, match=f"questions.yml, founded_year: .*'{left_out}'"):
        run(tree, "-c", "import bot.application.questions")


def test_a_schema_that_was_not_written_is_named(tree: Path) -> None:
    path = tree / SCHEMA
    written = path.read_bytes()
    path.unlink()
    try:
        found = parts_missing_in(tree)
    finally:
        path.write_bytes(written)
    assert [each for each in found if each.startswith("founded_year: JSON Schema")]


# What a change is about are sections, which have a meaning of their own.
CODES = {
    each.key: set(each.kind.codes)
    for each in QUESTIONS
    if isinstance(each.kind, Choice) and not isinstance(each.kind, Sections)
}
DECLARING = {"bot/rating/codes.py", "bot/application/questions.py"}


def code_lists(path: Path) -> Iterator[str]:
    """The choices of which a module spells out several codes in one list."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            listed = {each.value for each in node.elts if isinstance(each, ast.Constant)}
            yield from (key for key, codes in CODES.items() if len(codes & listed) > 1)


def test_codes_are_listed_once() -> None:
    paths = [path for part in ("bot", "actions") for path in (PROJECT / part).rglob("*.py")]
    found = {str(path.relative_to(PROJECT)): list(code_lists(path)) for path in paths}
    assert {name for name, lists in found.items() if lists} <= DECLARING
