"""What can go wrong, as one tree. The class and its attributes decide; the text is for humans."""

from __future__ import annotations

import signal


class KitError(Exception):
    """Any error of the instructor kit."""


class CourseError(KitError):
    """Something that the instructor can mend; the text says what to do."""


class SandboxError(CourseError):
    """This machine gives no sandbox."""


class LanguageError(CourseError):
    """An assignment that is not in Python."""


class RunningError(CourseError):
    """Another run is grading the same assignment."""


class BusyGradebookError(CourseError):
    """The gradebook is locked by another program, or its server does not answer."""


class UnreadableError(KitError):
    """A submitted notebook that cannot be graded.

    Args:
        cause: why.
        advice: what to do.
    """

    def __init__(self, cause: str, advice: str = "") -> None:
        super().__init__(cause, advice)
        self.cause, self.advice = cause, advice

    def __str__(self) -> str:
        return f"{self.cause}. {self.advice}" if self.advice else self.cause


class WorkerGoneError(KitError):
    """A process in a sandbox ended, or broke the protocol, or used more than it may."""


class ForkServerError(KitError):
    """There is no fork server here, or it has ended."""


class CallError(KitError):
    """A call in another process brought no result."""


class FailedCallError(CallError):
    """The function that was called raised an error that is not of this tree.

    Args:
        kind: the error's class.
        text: the error's text.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text)
        self.kind, self.text = kind, text

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class ProcessEndedError(CallError):
    """The process ended during the call.

    Args:
        status: its exit status, as `subprocess` counts it: negative for a signal.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status

    def __str__(self) -> str:
        status = self.status
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return f"its process ended ({how})"


class DeadlineError(CallError):
    """The call took too long, and its process was ended.

    Args:
        seconds: that it had.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"it took more than {self.seconds:g} s and was ended"
