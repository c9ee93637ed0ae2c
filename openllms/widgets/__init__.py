"""Small interactive views for the lessons; each is a view on a plain function or dataclass.

| in a lesson | what the learner gets | the plain part |
|---|---|---|
| `quiz("01_open_models")` | questions with an explanation for every choice | `QuizState` |
| `predict("01_open_models", "parameters")` | commit to an answer before the run | `Prediction` |
| `sort("01_open_models", "releases")` | put each item into a bin, then see why | `Sorting` |
| `chat(model, tokenizer, "Hello")` | a conversation with a model | `Conversation` |
| `explore(function, ...)` | sliders and menus that call `function` again | `render` |
| `router_view(model, tokenizer, "Hello")` | tokens above their experts | `routing_html` |
| `chooser(need)` | filters over the catalogue, and what they leave | `choice_html` |
| `may_we_use_it(licences)` | a verdict, clause by clause | `verdict_html`, `verdicts`, `terms` |

Quiz questions, predictions and sortings are data: `openllms/quizzes/NN_name.yaml`.

Each is `framed`: one style sheet, `style.css`, holds how all of them look, at any width. A text
that Enter or a button sends goes through `Entry`, so that it arrives whole.

Rules they share: only the controls that ipywidgets 7.7 (Colab) and 8 both have; a label on every
control; colour is never the only sign; a static version stands below each (`View`), so that a page
without a live kernel still shows the content; nothing in a notebook clicks them.
Each has a class of its own (`.quiz`, `.predict`, `.sort`, `.chat`, `.explore`, `.licence`,
`.router`, `.chooser`) that browser tests find it by.
"""

from openllms.widgets.chat import Conversation, chat
from openllms.widgets.chooser import choice_html, chooser
from openllms.widgets.explore import Choose, Slide, explore, render
from openllms.widgets.licence import may_we_use_it, terms, verdict_html, verdicts
from openllms.widgets.predict import Prediction, predict
from openllms.widgets.quiz import QuizState, quiz
from openllms.widgets.router import router_view, routing_html
from openllms.widgets.sort import Sorting, sort
from openllms.widgets.view import View

__all__ = [
    "Choose",
    "Conversation",
    "Prediction",
    "QuizState",
    "Slide",
    "Sorting",
    "View",
    "chat",
    "choice_html",
    "chooser",
    "explore",
    "may_we_use_it",
    "predict",
    "quiz",
    "render",
    "router_view",
    "routing_html",
    "sort",
    "terms",
    "verdict_html",
    "verdicts",
]
