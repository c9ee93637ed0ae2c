"""Every threat against our engine: no point unearned or lost, no secret out, no harm."""

from typing import Any

import pytest

from . import harness

THREATS = harness.threats()
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("threats")]


@pytest.mark.parametrize("name", THREATS)
def test_a_threat_gets_what_it_earned_and_nothing_else(name: str, graded: Any) -> None:
    threat, student = THREATS[name], f"m-{name}"
    entry = graded.entries[student]
    assert entry["graded"] is threat.graded, entry["causes"]
    if not threat.graded:
        assert threat.says in " ".join(entry["causes"])
        assert not any(graded.scores.get(student, {}).values())
        return
    scores = graded.scores[student]
    points = {cell: scores[cell] for cell in harness.TESTS if cell not in threat.flexible}
    assert points == {cell: threat.points[cell] for cell in points}, entry["causes"]
    assert not scores["drawing"]
    lost = sum(threat.points.values()) < sum(harness.TESTS.values())
    assert not lost or threat.base == "untouched" or entry["causes"] or threat.earned


@pytest.mark.parametrize("name", THREATS)
def test_nothing_that_is_secret_or_runs_comes_back(name: str, graded: Any) -> None:
    leaked, script = graded.world.feedback(f"m-{name}")
    # Students see their own words: an honest classmate's stand in that classmate's page only.
    assert not leaked
    assert not script


def test_the_honest_get_their_points(graded: Any) -> None:
    for student, right in harness.HONEST.items():
        assert {cell: graded.scores[student][cell] for cell in right} == right


def test_nothing_of_the_instructors_has_changed(graded: Any) -> None:
    assert graded.after == graded.before


def test_no_process_is_left_and_nothing_was_sent(graded: Any) -> None:
    assert not graded.left
    assert graded.received == b""


def test_the_run_says_that_some_could_not_be_graded(graded: Any) -> None:
    assert graded.status == 1
    lost = [name for name, threat in THREATS.items() if not threat.graded]
    assert f"{len(lost)} could not be graded" in graded.said


def test_there_are_enough_threats_of_every_class() -> None:
    classes = {name.split("-")[0] for name in THREATS}
    assert len(classes) == 5
    assert len(THREATS) >= 60
