"""Instant checks for the ungraded exercises ("Your turn"), one module a lesson.

In a lesson, a check is the last line under the exercise:

    from openllms.checks import open_models as check

    check.count_parameters(count_parameters)

It shows a `Report`: right, not tried yet, or what went wrong, naming the likely mistake. A check
never raises, whatever the learner wrote, so that the rest of the lesson still runs.

To write one, list cases (arguments and the right result) and mistakes (a wrong function and what to
tell whoever wrote it): if the learner's result for a case is what a wrong function gives, its
message is shown.
"""

from openllms.checks.engine import Case, Check, Mistake, Report

__all__ = ["Case", "Check", "Mistake", "Report"]
