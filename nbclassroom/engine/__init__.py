"""Grading that cannot be cheated, broken or lost.

`grade(notebook, assignment)` is the whole of it for other systems: no course folder, no database.
In a course, `classroom grade` and `nbgrader autograde` do the same (`nbclassroom.configure`).

A submitted notebook is read as data (`untrusted`), gets the instructor's cells back (`restore`),
and is executed by two processes in two sandboxes (`execute`): the student's cells in one, the test
cells in the other, where student code never was. What a test cell may do:

- A name that the student defines is looked up in the student's process, as it stands at that cell.
  Names that the instructor's own cells define (modules, helpers, constants) are the instructor's,
  whatever the student binds to them; so are Python's built-ins.
- A function is called through a proxy, by position and by keyword. Arguments and results cross as
  JSON and safetensors (`guest.values` lists the types): plain values, containers, NumPy arrays and
  torch tensors of every numeric dtype, NaN and 0-d and strided ones included. They are copies, but
  what the function changes in an argument is changed in the test's own object, and an object that
  comes back is the one that was sent.
- Exceptions arrive as the nearest class that Python or a loaded library defines, with the message.
- A test's `random.seed`, `numpy.random.seed` and `torch.manual_seed` reach the student's code.
- Functions of a library may be passed as arguments, and the student's own functions; lambdas and
  functions of the test may not. Generators, callables and objects of the student's classes cannot
  be returned: the test fails and says so. A tensor's gradient graph does not cross.
- What cannot cross can be named: a comment line `# live: model, Stack` in the test cell (or its
  metadata, `{"classroom": {"live": [...]}}`) keeps these names in the student's process, where
  every operation on them is carried out. Their answers are the student's word, so the report
  says that the cell relies on the student's process. Under stock nbgrader and on a student's
  machine the cell runs unchanged.
- Points are nbgrader's: full without an error, the value of a last expression that is a number as
  partial credit. A warning on stderr costs nothing.
"""

from nbclassroom.errors import LanguageError, SandboxError

from .assignment import Assignment
from .grading import grade
from .limits import Policy
from .report import CellResult, Problem, Report, Status

__all__ = [
    "Assignment",
    "CellResult",
    "LanguageError",
    "Policy",
    "Problem",
    "Report",
    "SandboxError",
    "Status",
    "grade",
]
