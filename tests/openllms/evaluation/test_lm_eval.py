"""The same scores from the field's own harness: acc, acc_norm and every log-likelihood."""

import json
from pathlib import Path

import pytest

from openllms import evaluation, models

pytestmark = pytest.mark.slow

TASK = Path(__file__).parent / "clinic_task" / "clinic.yaml"
EVERY_THIRD = slice(None, None, 3)  # of the large model: a pass for every choice takes its time


def harness(loaded: models.Loaded, items: list[evaluation.Item], folder: Path) -> dict:
    """What lm-eval makes of the items, as it returns it."""
    import lm_eval
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    data = folder / "clinic.json"
    lines = [json.dumps({**item.model_dump(), "place": n}) for n, item in enumerate(items)]
    data.write_text("\n".join(lines), encoding="utf-8")
    text = TASK.read_text(encoding="utf-8").replace("test: clinic.json", f"test: {data.as_posix()}")
    (folder / TASK.name).write_text(text, encoding="utf-8")
    manager = TaskManager(include_path=str(folder), include_defaults=False)
    return lm_eval.simple_evaluate(
        HFLM(pretrained=loaded.model, tokenizer=loaded.tokenizer, batch_size=1, device="cpu"),
        tasks=["openllms_clinic"],
        task_manager=manager,
        bootstrap_iters=0,
        log_samples=True,
    )


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("tiny-mixtral", slice(None)),
        ("tiny-mistral-total", slice(None)),
        (models.DEFAULT, EVERY_THIRD),
    ],
    ids=["tiny-mixtral", "tiny-mistral-total", "SmolLM2"],
)
def test_our_scores_are_the_harness_s(name, part, tmp_path, monkeypatch, record_property):
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "datasets"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    loaded = models.load(name)
    items = list(evaluation.clinic().items[part])
    ours = list(evaluation.score(*loaded, items).values())

    report = harness(loaded, items, tmp_path)
    theirs = sorted(report["samples"]["openllms_clinic"], key=lambda sample: sample["doc"]["place"])
    assert len(theirs) == len(items)
    worst = 0.0
    for own, sample in zip(ours, theirs, strict=True):
        found = [response[0] for response in sample["filtered_resps"]]
        assert found == pytest.approx(own.log_likelihoods, abs=1e-3)
        worst = max(worst, *(abs(a - b) for a, b in zip(found, own.log_likelihoods, strict=True)))
        assert sample["acc"] == own.correct()
        assert sample["acc_norm"] == own.correct("characters")
    scores = report["results"]["openllms_clinic"]
    assert scores["acc,none"] == pytest.approx(sum(one.correct() for one in ours) / len(ours))
    assert scores["acc_norm,none"] == pytest.approx(
        sum(one.correct("characters") for one in ours) / len(ours)
    )
    record_property("lm-eval", f"{name}: largest difference of a log-likelihood {worst:.1e}")
    print(f"{name}: {len(items)} items, largest difference of a log-likelihood {worst:.1e}")
