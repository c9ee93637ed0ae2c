"""No source notebook walks into a trap of nbgrader."""

from pathlib import Path

from nbclassroom.course import Course
from nbclassroom.authoring.lint import lint


def test_no_assignment_walks_into_a_trap(root: Path):
    course = Course.open(root)
    assert not lint(course, course.assignments())
