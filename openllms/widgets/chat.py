"""A conversation with a model: the widget, and the plain object behind it."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ipywidgets

from openllms.widgets.view import View, inline, note, text_block

_BLOCK = "display: block; float: none; width: auto; max-width: 60em;"  # JupyterLab floats lists


@dataclass
class Conversation:
    """Messages between a learner and a model, which answers with its most likely words.

    Attributes:
        model: a transformers causal language model.
        tokenizer: its tokenizer, with a chat template.
        max_new_tokens: an answer ends here at the latest.
        messages: `{"role": "user" | "assistant", "content": ...}`, oldest first.
    """

    model: Any
    tokenizer: Any
    max_new_tokens: int = 60
    messages: list[dict[str, str]] = field(default_factory=list)

    def reply(self, text: str) -> str:
        """Send a message and return the answer; both join `messages`.

        The oldest exchanges are left out of what the model reads once they no longer fit into its
        context window.

        Raises:
            ValueError: the message is empty, or does not fit by itself.
        """
        if not text.strip():
            raise ValueError("write a message first")
        asked = [*self.messages, {"role": "user", "content": text.strip()}]
        inputs = self._inputs(asked)
        length = inputs["input_ids"].shape[1]
        output = self.model.generate(
            **inputs,
            do_sample=False,
            max_new_tokens=self.max_new_tokens,
            pad_token_id=self.tokenizer.eos_token_id,
        )
        answer = self.tokenizer.decode(output[0, length:], skip_special_tokens=True).strip()
        self.messages = [*asked, {"role": "assistant", "content": answer}]
        return answer

    def _inputs(self, messages: list[dict[str, str]]) -> Any:
        room = self.model.config.max_position_embeddings - self.max_new_tokens
        for first in range(0, len(messages), 2):  # an exchange is two messages
            inputs = self.tokenizer.apply_chat_template(
                messages[first:], add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            if inputs["input_ids"].shape[1] <= room:
                return inputs
        raise ValueError(f"this message is too long: the model reads at most {room} tokens")

    def html(self) -> str:
        """The transcript as HTML."""
        if not self.messages:
            return "<p><em>No messages yet.</em></p>"
        names = {"user": "You", "assistant": "Model"}
        rows = (
            f'<dt style="{_BLOCK}"><b>{names[message["role"]]}</b></dt>'
            f'<dd style="{_BLOCK} margin: 0 0 6px 1.5em; white-space: pre-wrap">'
            f"{inline(message['content'])}</dd>"
            for message in self.messages
        )
        return f'<dl style="line-height: 1.45; margin: 4px 0">{"".join(rows)}</dl>'


def chat(model: Any, tokenizer: Any, *opening: str, max_new_tokens: int = 60) -> View:
    """Chat with a model; a conversation of `opening` is held at once and is the static part.

    Args:
        model: a transformers causal language model.
        tokenizer: its tokenizer, with a chat template.
        opening: messages of a conversation that is held at once.
        max_new_tokens: an answer ends here at the latest.
    """
    opened = Conversation(model, tokenizer, max_new_tokens)
    for text in opening:
        opened.reply(text)
    talk = Conversation(model, tokenizer, max_new_tokens)

    transcript = text_block(talk.html())
    transcript.add_class("chat-transcript")
    message = ipywidgets.Text(
        description="Message",
        placeholder="Ask the model something",
        layout=ipywidgets.Layout(width="36em", max_width="100%"),
    )
    send = ipywidgets.Button(description="Send")
    restart = ipywidgets.Button(description="Start again")
    status = text_block("")
    status.add_class("chat-status")
    controls = (message, send, restart)

    def on_send(_: Any) -> None:
        text, message.value = message.value, ""
        for control in controls:
            control.disabled = True
        status.value = note("The model is writing ...")
        try:
            talk.reply(text)
            status.value = ""
        except Exception as error:
            status.value = note(inline(f"The model could not answer: {error}"), right=False)
            message.value = text
        finally:
            for control in controls:
                control.disabled = False
        transcript.value = talk.html()

    def on_restart(_: Any) -> None:
        talk.messages = []
        transcript.value, status.value = talk.html(), ""

    send.on_click(on_send)
    _on_enter(message, on_send)
    restart.on_click(on_restart)
    box = ipywidgets.VBox([transcript, ipywidgets.HBox(controls), status])
    box.add_class("chat")
    return View(box, _static(opened))


def _on_enter(field: ipywidgets.Text, callback: Callable[[Any], None]) -> None:
    """Call back on Enter. ipywidgets 8 deprecates `on_submit`, but 7 has no other way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        field.on_submit(callback)


def _static(opened: Conversation) -> str:
    return f"<b>A conversation from this run</b>{opened.html()}" if opened.messages else ""
