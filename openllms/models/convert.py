"""From the files as they arrive to a float32 safetensors folder that transformers loads fast."""

from pathlib import Path
from typing import TYPE_CHECKING

from openllms.models.quiet import quiet
from openllms.models.registry import ModelEntry, ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def convert(entry: ModelEntry, source: Path, out: Path) -> None:
    """Write model and tokenizer to `out` as transformers saves them, in float32.

    Args:
        entry: what the registry says of the model.
        source: a folder with a GGUF file or with a safetensors model.
        out: an empty folder.

    Raises:
        ModelError: the model does not have the parameters that the registry states.
    """
    with quiet():
        from transformers import AutoTokenizer

        gguf = next((f.path for f in entry.files if f.path.endswith(".gguf")), None)
        tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=gguf, local_files_only=True)
        tokenizer.save_pretrained(out)
        model = _plain_model(entry, source, gguf)
        parameters = sum(p.numel() for p in model.parameters())
        if parameters != entry.parameters:
            raise ModelError(
                f"{entry.name} has {parameters:,} parameters, the registry says "
                f"{entry.parameters:,}; report it."
            )
        model.save_pretrained(out)


def _plain_model(entry: ModelEntry, source: Path, gguf: str | None) -> "PreTrainedModel":
    """The model, without a trace of its quantisation: transformers refuses to save that."""
    import torch
    import transformers

    architecture = getattr(transformers, entry.architecture)
    loaded = architecture.from_pretrained(
        source, gguf_file=gguf, dtype=torch.float32, local_files_only=True
    )
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    with torch.device("meta"):  # takes the tensors over below, so memory holds them once
        model: PreTrainedModel = architecture(config)
    model.load_state_dict(loaded.state_dict(), assign=True)
    model.tie_weights()
    model.generation_config = loaded.generation_config
    return model
