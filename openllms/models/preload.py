"""Importing this holds the default model in memory, for the first `load` in each fork.

For a process that is told what to import and forked for others, such as a grader's warm one.
"""

from openllms import models

models.hold()
