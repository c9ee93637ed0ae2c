"""Put items into bins, commit, and read why each belongs where it does."""

from dataclasses import dataclass, field
from functools import partial

import ipywidgets

from openllms import quizzes
from openllms.quizzes import SortTask
from openllms.widgets.view import View, folded, framed, inline, note, text_block


@dataclass
class Sorting:
    """The state of a sorting task: item -> key of the bin that the learner put it in."""

    task: SortTask
    placed: dict[str, str] = field(default_factory=dict)

    def place(self, text: str, bin_key: str) -> tuple[bool, str]:
        """Put an item into a bin; return whether it belongs there, and why it belongs where.

        Where it does not, the sentence names both bins: the chosen one and the right one.

        Raises:
            KeyError: no such item, or no such bin.
        """
        item = {item.text: item for item in self.task.items}[text]
        if bin_key not in self.task.bins:
            raise KeyError(bin_key)
        self.placed[text] = bin_key
        why = f"**{self.task.bins[item.bin]}**: {item.why}"
        if bin_key == item.bin:
            return True, why
        return False, f"You chose *{self.task.bins[bin_key]}*. The answer is {why}"

    def summary(self) -> str:
        """The score as a sentence."""
        right = sum(self.placed.get(item.text) == item.bin for item in self.task.items)
        return f"{right} of {len(self.task.items)} in the right place."


def sort(lesson: str, task: str) -> View:
    """Show a menu of bins for each item, and a button that checks all items that have one.

    Args:
        lesson: such as "01_open_models"; its quiz's data file holds the task.
        task: the task's id.
    """
    return sorting_view(Sorting(quizzes.load(lesson).sorting(task)))


def sorting_view(state: Sorting) -> View:
    """The widget of a sorting task."""
    task = state.task
    menus, answers = [], []
    for item in task.items:
        menus.append(
            ipywidgets.Dropdown(
                options=[("choose ...", ""), *((text, key) for key, text in task.bins.items())],
                description=item.text,
            )
        )
        answers.append(text_block("", "sort-feedback"))
        menus[-1].observe(partial(_clear, answers[-1]), names="value")
    button = ipywidgets.Button(description="Check my sorting")
    score = text_block("", "sort-score")

    def on_check(_: ipywidgets.Button) -> None:
        for item, menu, answer in zip(task.items, menus, answers, strict=True):
            if menu.value:
                right, why = state.place(item.text, menu.value)
                answer.value = note(inline(why), right)
        score.value = note(state.summary())

    button.on_click(on_check)
    rows = [part for pair in zip(menus, answers, strict=True) for part in pair]
    box = framed("sort", *rows, button, score)
    solution = "".join(
        f"<li>{inline(f'{item.text}: **{task.bins[item.bin]}**: {item.why}')}</li>"
        for item in task.items
    )
    return View(box, folded("All answers as plain text", f"<ul>{solution}</ul>"))


def _clear(answer: ipywidgets.HTML, _: object) -> None:
    """Take back what was said about another choice."""
    answer.value = ""
