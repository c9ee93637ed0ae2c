"""From the files as they arrive to a float32 safetensors folder that transformers loads fast.

It runs as a process of its own (`python -m openllms.models.convert ENTRY SOURCE OUT`): reading
a GGUF file takes more than a gigabyte for a moment, which a notebook should not keep.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openllms
from openllms.models import child
from openllms.models.entries import ModelEntry
from openllms.models.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def convert(entry: ModelEntry, source: Path, out: Path, *, progress: bool) -> None:
    """Write model and tokenizer to `out` as transformers saves them, in float32.

    Args:
        entry: what the registry says of the model.
        source: a folder with a GGUF file or with a safetensors model.
        out: an empty folder.
        progress: show a progress bar.

    Raises:
        ModelError: the files cannot be read or written, or are not the model of the registry.
    """
    # -P: files that lie about in a learner's folder must not shadow a module.
    module = [sys.executable, "-P", "-m", "openllms.models.convert"]
    kit = str(Path(openllms.__file__).parents[1])
    path = os.pathsep.join(filter(None, [kit, os.environ.get("PYTHONPATH")]))
    try:
        child.run(
            [*module, entry.model_dump_json(), str(source), str(out)],
            os.environ | {"PYTHONPATH": path, "HF_HUB_OFFLINE": "1"},
            fills=out,
            size=4 * entry.parameters,
            title=f"Converting {entry.name}, once",
            progress=progress,
        )
    except child.ChildError as error:
        raise ModelError(f"could not convert {entry.name}: {error}. Nothing was kept.") from error


def write(entry: ModelEntry, source: Path, out: Path) -> None:
    """The conversion itself; see `convert`."""
    from transformers import AutoTokenizer

    gguf = next((file.path for file in entry.files if file.path.endswith(".gguf")), None)
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=gguf)
    if gguf:  # the file does not say; true, an older default, would corrupt a BPE tokenizer's text
        tokenizer.clean_up_tokenization_spaces = False
    tokenizer.save_pretrained(out)
    model = _plain_model(entry, source, gguf)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    if parameters != entry.parameters:
        raise ModelError(
            f"it has {parameters:,} parameters, the registry says {entry.parameters:,}"
        )
    model.save_pretrained(out)


def _plain_model(entry: ModelEntry, source: Path, gguf: str | None) -> "PreTrainedModel":
    """The model without a trace of its quantisation, which transformers refuses to save."""
    import torch
    import transformers

    architecture = getattr(transformers, entry.architecture)
    loaded = architecture.from_pretrained(source, gguf_file=gguf, dtype=torch.float32)
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    with torch.device("meta"):  # it takes over the tensors below, so memory holds them once
        model: PreTrainedModel = architecture(config)
    model.load_state_dict(loaded.state_dict(), assign=True)
    model.tie_weights()
    if loaded.can_generate():
        model.generation_config = loaded.generation_config
    return model


if __name__ == "__main__":
    write(ModelEntry.model_validate_json(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
