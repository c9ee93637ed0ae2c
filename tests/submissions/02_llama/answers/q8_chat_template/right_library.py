# scores: all
def render(template, messages, add_generation_prompt=False, **special_tokens):
    from transformers.utils.chat_template_utils import _compile_jinja_template

    def raise_exception(text):
        raise ValueError(text)

    return _compile_jinja_template(template).render(
        messages=messages,
        add_generation_prompt=add_generation_prompt,
        raise_exception=raise_exception,
        **special_tokens,
    )
