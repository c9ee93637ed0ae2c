"""Functions that a learner writes and the lesson goes on with, one module a lesson.

A build turn is four cells of a lesson: prose (what and why, the shapes), a drawing, a function
with an empty body, and right under it the check:

    def rotate(x, frequencies, start=0):
        \"\"\"Turn each pair of channels by its token's position.

        x: (..., tokens, head_dim); frequencies: (head_dim / 2,)
        \"\"\"
        # your code, about five lines

    rotate = build.rotate(rotate, model)    # the next cell; `model` is the real one

`from openllms.build import llama as build` stands in the set-up cell. The check compares with
what the real model computes, says what it saw and which mistake makes that, and shows hints that
open one by one, the last of them the course's version. It returns the learner's version if that
is right and the course's otherwise, and says which. So an untouched lesson runs from top to
bottom; whoever changes the function runs its cell and the check again.

To add one, of the name `rotate`, to lesson `02_llama`:

1. `solutions/llama.py`: the course's version, a plain function with the docstring of the lesson's
   empty one. It is shown as the last hint, so it needs only names that the lesson has too: another
   build's, a function of the set-up cell.
2. `llama.py`: `rotate = Build("02_llama", solutions.rotate, cases, mistakes)`. `cases` gets what
   the lesson hands over after the function, computes with the real model, and returns key ->
   (arguments, right result); `mistakes` is key -> a wrong version that learners tend to write.
3. `quizzes/02_llama.yaml`, under `builds`: the words to these keys, praise and hints (`BuildTask`).

`tests/openllms/test_builds.py` holds what the lesson hands over; it then sees to it that the
solution passes and each mistake is named. `tests/lessons` runs the lesson untouched and with all
solutions pasted in (`tests/support/hints.py`).
"""

from openllms.build.engine import Build

__all__ = ["Build"]
