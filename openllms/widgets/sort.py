"""Put items into bins, commit, and read why each belongs where it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import ipywidgets

from openllms.widgets.view import View, folded, inline, note, text_block


@dataclass(frozen=True)
class Item:
    """One thing to sort: what is shown, the bin it belongs in, and why."""

    text: str
    bin: str
    why: str


@dataclass
class Sorting:
    """The state of a sorting exercise."""

    items: tuple[Item, ...]
    bins: tuple[str, ...]
    placed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lost = [item.text for item in self.items if item.bin not in self.bins]
        if lost:
            raise ValueError(f"no bin for {', '.join(lost)}; bins are {', '.join(self.bins)}")

    def place(self, text: str, bin_name: str) -> tuple[bool, str]:
        """Put an item into a bin; return whether it belongs there, and why it belongs where."""
        item = next(item for item in self.items if item.text == text)
        self.placed[text] = bin_name
        return bin_name == item.bin, f"**{item.bin}**. {item.why}"

    def summary(self) -> str:
        """The score as a sentence."""
        right = sum(self.placed.get(item.text) == item.bin for item in self.items)
        return f"{right} of {len(self.items)} in the right place."


def sort(items: Sequence[Item], bins: Sequence[str]) -> View:
    """Show a row for each item with a choice of bins; a button checks all rows that are filled."""
    state = Sorting(tuple(items), tuple(bins))
    menus, answers = [], []
    for item in state.items:
        menus.append(
            ipywidgets.Dropdown(
                options=[("choose ...", ""), *((name, name) for name in bins)],
                description=item.text,
                style={"description_width": "24em"},
                layout=ipywidgets.Layout(width="44em", max_width="100%"),
            )
        )
        answers.append(text_block(""))
    button = ipywidgets.Button(description="Check my sorting")
    score = text_block("")
    score.add_class("sort-score")

    def on_check(_: ipywidgets.Button) -> None:
        for item, menu, answer in zip(state.items, menus, answers, strict=True):
            if menu.value:
                right, why = state.place(item.text, menu.value)
                answer.value = note(inline(why), right)
        score.value = note(state.summary())

    button.on_click(on_check)
    rows = [part for pair in zip(menus, answers, strict=True) for part in pair]
    box = ipywidgets.VBox([*rows, button, score])
    box.add_class("sort")
    solution = "".join(
        f"<li>{inline(f'{item.text}: **{item.bin}**. {item.why}')}</li>" for item in state.items
    )
    return View(box, folded("All answers as plain text", f"<ul>{solution}</ul>"))
