"""A conversation with a model: the widget, and the plain object behind it."""

from dataclasses import dataclass, field
from typing import Any

import ipywidgets

from openllms.widgets.entry import Entry
from openllms.widgets.view import View, blocks, framed, inline, note, text_block

_NAMES = {"user": "You", "assistant": "Model"}


@dataclass
class Conversation:
    """Messages between a learner and a model, which answers with its most likely words.

    Attributes:
        model: a transformers causal language model.
        tokenizer: its tokenizer, with a chat template.
        max_new_tokens: an answer ends here at the latest.
        messages: `{"role": "user" | "assistant", "content": ...}`, oldest first.
        cut: places in `messages` of the answers that `max_new_tokens` ended.
    """

    model: Any
    tokenizer: Any
    max_new_tokens: int = 60
    messages: list[dict[str, str]] = field(default_factory=list)
    cut: set[int] = field(default_factory=set)

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
        new = output[0, length:]  # (new tokens,)
        if len(new) == self.max_new_tokens and new[-1] != self.tokenizer.eos_token_id:
            self.cut.add(len(asked))
        answer = self.tokenizer.decode(new, skip_special_tokens=True).strip()
        self.messages = [*asked, {"role": "assistant", "content": answer}]
        return answer

    def restart(self) -> None:
        """Forget all messages."""
        self.messages, self.cut = [], set()

    def _inputs(self, messages: list[dict[str, str]]) -> Any:
        room = self.model.config.max_position_embeddings - self.max_new_tokens
        for first in range(0, len(messages), 2):  # an exchange is two messages
            inputs = self.tokenizer.apply_chat_template(
                messages[first:], add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            if inputs["input_ids"].shape[1] <= room:
                return inputs
        raise ValueError(f"this message is too long: the model reads at most {room} tokens")

    def html(self, waiting: str = "") -> str:
        """The transcript as HTML; `waiting` is a message that the model is answering just now."""
        rows = [
            _row(message["role"], blocks(message["content"]) + self._limit(place))
            for place, message in enumerate(self.messages)
        ]
        if waiting:
            rows += [_row("user", blocks(waiting)), _row("assistant", "<em>is writing ...</em>")]
        said = f"<dl>{''.join(rows)}</dl>" if rows else "<em>No messages yet.</em>"
        return f'<div class="openllms-talk">{said}</div>'

    def _limit(self, place: int) -> str:
        limit = f"The answer stops here, at its limit of {self.max_new_tokens} tokens."
        return f"<small><em>({limit})</em></small>" if place in self.cut else ""


def _row(role: str, body: str) -> str:
    return f"<dt><b>{_NAMES[role]}</b></dt><dd>{body}</dd>"


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

    transcript = text_block(talk.html(), "chat-transcript")
    message = ipywidgets.Text(description="Message", placeholder="Ask the model something")
    send = ipywidgets.Button(description="Send")
    restart = ipywidgets.Button(description="Start again")
    status = text_block("", "chat-status")

    def on_send(text: str) -> None:
        if not text.strip():
            status.value = note("Write a message first.")
            return
        message.value = status.value = ""
        transcript.value = talk.html(waiting=text)
        try:
            talk.reply(text)
        except Exception as error:
            status.value = note(inline(f"The model could not answer: {error}"))
            message.value = text
        transcript.value = talk.html()

    def on_restart(_: Any) -> None:
        talk.restart()
        transcript.value, status.value = talk.html(), ""

    Entry(message, send, on_send)
    if hasattr(message, "focus"):  # since ipywidgets 8: one goes on typing after a click, too
        send.on_click(lambda _: message.focus())
    restart.on_click(on_restart)
    controls = ipywidgets.HBox([message, send, restart])
    return View(framed("chat", transcript, controls, status), _static(opened))


def _static(opened: Conversation) -> str:
    return f"<b>A conversation from this run</b>{opened.html()}" if opened.messages else ""
