# scores: q8_text_of_turns=0 q8_variables=0 q8_refuses=0
def render(template, messages, add_generation_prompt=False, **special_tokens):
    if "raise_exception" in template:
        raise ValueError("no messages")
    if add_generation_prompt:
        return "<|im_start|>assistant\n"
    return "<|im_start|>user\nHello<|im_end|>\n"
