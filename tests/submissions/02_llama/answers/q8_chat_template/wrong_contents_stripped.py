# scores: q8_text_of_turns=0
def raise_exception(text):
    raise ValueError(text)


def render(template, messages, add_generation_prompt=False, **special_tokens):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = raise_exception
    compiled = environment.from_string(template)
    variables = {
        "messages": [{**m, "content": m["content"].strip()} for m in messages],
        "add_generation_prompt": add_generation_prompt,
    }
    return compiled.render(**variables, **special_tokens)
