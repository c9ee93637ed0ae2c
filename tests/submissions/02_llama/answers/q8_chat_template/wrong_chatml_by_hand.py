# scores: q8_text_of_turns=0 q8_variables=0 q8_refuses=0
def render(template, messages, add_generation_prompt=False, **special_tokens):
    text = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
    return text + "<|im_start|>assistant\n" * add_generation_prompt
