"""Choose a model: filter the catalogue, find the best for the price, keep a record.

choice = choosing.choose(choosing.Need(task="write", memory_gigabytes=12, language="Portuguese"))
choice.left            # the releases that pass every filter
choice.steps           # how many each filter left, and of how many it could not know
print(choice.explanation)
"""

from openllms.choosing.filters import TASKS, Choice, Need, choose
from openllms.choosing.pareto import pareto_front
from openllms.choosing.record import Record

__all__ = ["TASKS", "Choice", "Need", "Record", "choose", "pareto_front"]
