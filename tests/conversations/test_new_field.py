"""A field that is declared nowhere but at its places lives like all others; see ``test_fields``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scratch_field import copy_of_the_tree, declare, run


@pytest.mark.timeout(300)
def test_a_scratch_field_lives_through_a_conversation(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path)
    declare(tree)
    story = "tests/conversations/founded_year.py"
    run(tree, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", story, BOT_ACTIONS="inline")
