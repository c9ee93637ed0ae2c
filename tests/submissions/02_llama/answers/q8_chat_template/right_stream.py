# scores: all
class Refusal:
    def __call__(self, text):
        raise ValueError(text)


def render(template, messages, add_generation_prompt=False, **special_tokens):
    sandbox = ImmutableSandboxedEnvironment()
    sandbox.trim_blocks = sandbox.lstrip_blocks = True
    context = dict(special_tokens)
    context["messages"] = messages
    context["add_generation_prompt"] = add_generation_prompt
    context["raise_exception"] = Refusal()
    return "".join(sandbox.from_string(template).generate(context))
