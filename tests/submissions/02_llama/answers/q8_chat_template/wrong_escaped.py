# scores: q8_text_of_turns=0 q8_variables=0
def raise_exception(text):
    raise ValueError(text)


def render(template, messages, add_generation_prompt=False, **special_tokens):
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["raise_exception"] = raise_exception
    compiled = environment.from_string(template)
    variables = {"messages": messages, "add_generation_prompt": add_generation_prompt}
    return compiled.render(**variables, **special_tokens)
