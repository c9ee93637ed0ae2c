"""The licences' data and the verdicts on them."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openllms.catalog import DataError, Use, licence, licences, load, may_use
from openllms.catalog.licences import NOTE, Licence, Verdict
from openllms.catalog.licences.loading import DATA

LLAMAS = ["llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-3.3", "llama-4"]
RAILS = ["bigscience-bloom-rail-1.0", "creativeml-openrail-m"]
OPEN = ["MIT", "Apache-2.0"]
STRICTNESS = ["yes", "unknown", "ask", "no"]


def deciders(verdict: Verdict) -> set[str]:
    """The clauses that made the answer something else than yes."""
    effects = {"no": "forbids", "ask": "ask", "unknown": "unknown"}
    wanted = effects.get(verdict.answer)
    return {reason.clause for reason in verdict.reasons if reason.effect == wanted}


def duties(verdict: Verdict) -> set[str]:
    return {reason.clause for reason in verdict.duties}


# The decision table: every licence against every kind of use that some licence treats differently.
# A cell is the answer and, unless it is yes, the clauses that decide.
USES = {
    "try it": Use(),
    "research": Use(research=True),
    "sell": Use(commercial=True),
    "pass on": Use(redistribute=True),
    "product": Use(commercial=True, service="product"),
    "api": Use(commercial=True, service="api"),
    "distil": Use(train_other_model=True),
    "medicine": Use(field="medical advice"),
    "military": Use(field="military"),
    "decide": Use(field="automated decisions"),
    "giant": Use(commercial=True, monthly_users=700_000_001),
    "europe": Use(in_eu=True, multimodal=True),
    "sue": Use(sue=True),
}
YES = ("yes", "")
SERVICE = ("no", "access")
RESEARCH = ("no", "commercial_use")


def row(default: tuple[str, str] = YES, **cells: tuple[str, str]) -> dict:
    return dict.fromkeys(USES, default) | {name.replace("_", " "): cells[name] for name in cells}


LLAMA = {
    "military": ("no", "restricted"),
    "giant": ("ask", "monthly_users"),
    "sue": ("no", "litigation"),
}
EUROPE = {"europe": ("no", "eu_multimodal")}
DISTIL = {"distil": ("no", "outputs")}
RAIL = {
    "medicine": ("no", "restricted"),
    "decide": ("no", "restricted"),
    "sue": ("ask", "litigation"),
}
TABLE = {
    "MIT": row(),
    "Apache-2.0": row(sue=("ask", "litigation")),
    "llama-1": row(
        RESEARCH,
        research=("ask", "access"),
        military=("no", "commercial_use restricted"),
    ),
    "llama-2": row(**LLAMA, **DISTIL),
    "llama-3": row(**LLAMA, **DISTIL),
    "llama-3.1": row(**LLAMA),
    "llama-3.2": row(**LLAMA, **EUROPE),
    "llama-3.3": row(**LLAMA, **EUROPE),
    "llama-4": row(**LLAMA, **EUROPE),
    "bigscience-bloom-rail-1.0": row(**RAIL),
    "creativeml-openrail-m": row(**RAIL),
    "gemma": row(decide=("no", "restricted")),
    "deepseek": row(
        military=("no", "restricted"), decide=("no", "restricted"), sue=("ask", "litigation")
    ),
    "kimi-k2": row(),
    "falcon-180b": row(
        api=("ask", "hosting"),
        sue=("ask", "litigation"),
        medicine=("unknown", "restricted"),
        military=("unknown", "restricted"),
        decide=("unknown", "restricted"),
    ),
    "CC-BY-NC-4.0": row(
        sell=RESEARCH,
        product=RESEARCH,
        api=RESEARCH,
        giant=RESEARCH,
        distil=("unknown", "outputs"),
    ),
    "proprietary": row(SERVICE),
}
CELLS = [(key, name) for key in TABLE for name in USES]


@pytest.mark.parametrize(("key", "name"), CELLS, ids=[f"{key}-{name}" for key, name in CELLS])
def test_decision_table(key: str, name: str) -> None:
    answer, clauses = TABLE[key][name]
    verdict = may_use(key, USES[name])
    assert verdict.answer == answer, str(verdict)
    assert deciders(verdict) == set(clauses.split()), str(verdict)


def test_the_table_knows_every_licence() -> None:
    assert set(TABLE) == set(licences())


@pytest.mark.parametrize("key", LLAMAS)
@pytest.mark.parametrize(
    ("users", "answer"),
    [
        (0, "yes"),
        (699_999_999, "yes"),
        (700_000_000, "yes"),
        (700_000_001, "ask"),
        (None, "unknown"),
    ],
)
def test_the_threshold_binds_only_whoever_is_larger(key: str, users: int, answer: str) -> None:
    for commercial in (True, False):
        verdict = may_use(key, Use(commercial=commercial, monthly_users=users))
        assert verdict.answer == answer
        met = [reason for reason in verdict.reasons if reason.clause == "monthly_users"]
        assert len(met) == (users != 0)
        if users:
            assert f"{users:,}" in met[0].fact
            assert "700,000,000" in met[0].fact
            assert met[0].at == "section 2"


@given(users=st.integers(min_value=1, max_value=10**10), key=st.sampled_from(LLAMAS))
def test_the_threshold_at_any_size(users: int, key: str) -> None:
    expected = "ask" if users > 700_000_000 else "yes"
    assert may_use(key, Use(monthly_users=users)).answer == expected


@pytest.mark.parametrize("key", [key for key in TABLE if key not in [*LLAMAS, "proprietary"]])
def test_no_other_licence_asks_for_the_number_of_users(key: str) -> None:
    giant = may_use(key, Use(research=True, monthly_users=8_000_000_000))
    assert giant.answer == may_use(key, Use(research=True)).answer


@pytest.mark.parametrize("key", ["llama-2", "llama-3"])
def test_outputs_may_not_train_others_before_llama_3_1(key: str) -> None:
    verdict = may_use(key, Use(train_other_model=True))
    (reason,) = (reason for reason in verdict.reasons if reason.effect == "forbids")
    assert reason.at == "section 1.b.v"
    assert reason.fact == "train_other_model = True"
    # A model that is made from Llama itself is excepted.
    assert may_use(key, Use(fine_tune=True)).answer == "yes"


@pytest.mark.parametrize("key", LLAMAS[2:])
def test_outputs_may_train_others_from_llama_3_1_if_the_name_says_so(key: str) -> None:
    at_home = may_use(key, Use(train_other_model=True))
    given_away = may_use(key, Use(train_other_model=True, redistribute=True))
    assert at_home.answer == given_away.answer == "yes"
    assert "model_name" not in duties(at_home)
    assert "model_name" in duties(given_away)
    assert licence(key).terms.model_name.value == "Llama"


NAMES = {
    "llama-2": (None, None),
    "llama-3": ("Built with Meta Llama 3", "Llama 3"),
    "llama-3.1": ("Built with Llama", "Llama"),
    "llama-3.2": ("Built with Llama", "Llama"),
    "llama-3.3": ("Built with Llama", "Llama"),
    "llama-4": ("Built with Llama", "Llama"),
}


@pytest.mark.parametrize("key", LLAMAS)
def test_naming_duty_by_version(key: str) -> None:
    terms = licence(key).terms
    shown, prefix = NAMES[key]
    assert (terms.naming.value if terms.naming else None) == shown
    assert (terms.model_name.value if terms.model_name else None) == prefix
    for use in (Use(redistribute=True), Use(service="product"), Use(service="api")):
        assert ("naming" in duties(may_use(key, use))) == (shown is not None)
    tuned = may_use(key, Use(fine_tune=True, redistribute=True))
    assert ("model_name" in duties(tuned)) == (prefix is not None)
    assert not {"naming", "model_name"} & duties(may_use(key, Use(fine_tune=True)))


@pytest.mark.parametrize("key", [*LLAMAS, *RAILS, "gemma", "falcon-180b"])
def test_a_use_policy_is_a_duty_of_every_use(key: str) -> None:
    everyday = [reason for reason in may_use(key, Use()).duties if reason.fact == "any use"]
    assert len(everyday) == 1
    assert "conditions" in duties(may_use(key, Use()))


@pytest.mark.parametrize("key", OPEN)
def test_open_source_licences_ask_for_a_notice_and_nothing_else(key: str) -> None:
    assert licence(key).terms.osi_approved.value is True
    assert not may_use(key, Use(commercial=True, service="api", train_other_model=True)).duties
    for field in ("military", "medical advice", "surveillance"):
        assert may_use(key, Use(field=field)).answer == "yes"
    assert duties(may_use(key, Use(redistribute=True))) == {"conditions"}


@pytest.mark.parametrize("key", [key for key in TABLE if key not in OPEN])
def test_no_other_licence_is_called_open_source(key: str) -> None:
    term = licence(key).terms.osi_approved
    assert term is None or term.value is False


def test_apache_keeps_the_notice_file_and_grants_patents() -> None:
    apache = may_use("Apache-2.0", Use(redistribute=True, fine_tune=True))
    assert [reason.at for reason in apache.duties] == [
        "section 4(a)",
        "section 4(b)",
        "section 4(c) and (d)",
    ]
    assert licence("Apache-2.0").terms.patents.value == "express"
    assert licence("MIT").terms.patents is None


def test_alpaca_is_for_no_money() -> None:
    (alpaca,) = (release for release in load() if release.name.startswith("Alpaca"))
    assert may_use(alpaca.licence.value, Use(research=True)).answer == "yes"
    sold = may_use(alpaca.licence.value, Use(commercial=True, research=True))
    assert sold.answer == "no"
    assert deciders(sold) == {"commercial_use"}


def test_bloom_may_be_sold_but_not_for_everything() -> None:
    (bloom,) = (release for release in load() if release.name == "BLOOM")
    assert may_use(bloom.licence.value, Use(commercial=True)).answer == "yes"
    for field, item in {
        "automated decisions": "8",
        "medical advice": "12",
        "law enforcement": "13",
    }.items():
        verdict = may_use(bloom.licence.value, Use(commercial=True, field=field))
        assert verdict.answer == "no"
        (reason,) = (reason for reason in verdict.reasons if reason.effect == "forbids")
        assert reason.at == f"Attachment A, {item}"


def test_the_first_llama_needs_a_request_and_is_for_research() -> None:
    assert may_use("llama-1", Use(research=True)).answer == "ask"
    assert may_use("llama-1", Use()).answer == "no"
    paper = may_use("llama-1", Use(research=True, train_other_model=True))
    effects = {reason.clause: reason.effect for reason in paper.reasons}
    assert effects == {"access": "ask", "commercial_use": "allows", "outputs": "allows"}
    assert may_use("llama-1", Use(research=True, commercial=True)).answer == "no"


def test_europe_is_excluded_from_multimodal_llamas_only() -> None:
    assert may_use("llama-4", Use(in_eu=True)).answer == "yes"
    assert may_use("llama-4", Use(multimodal=True)).answer == "yes"
    assert may_use("llama-3.1", Use(in_eu=True, multimodal=True)).answer == "yes"


def test_medical_advice_with_llama_is_for_the_licensed() -> None:
    verdict = may_use("llama-2", Use(field="medical advice"))
    assert verdict.answer == "yes"
    assert "restricted" in duties(verdict)


def test_without_weights_no_other_clause_is_met() -> None:
    (reason,) = may_use("proprietary", Use(commercial=True, field="military", sue=True)).reasons
    assert reason.clause == "access"
    assert reason.effect == "forbids"


@pytest.mark.parametrize("outcome", ["ask", "no"])
def test_a_refusal_weighs_more_than_a_request_and_a_request_more_than_doubt(outcome: str) -> None:
    use = Use(commercial=outcome == "no", service="api", field="military", train_other_model=True)
    key = {"ask": "falcon-180b", "no": "CC-BY-NC-4.0"}[outcome]
    verdict = may_use(key, use)
    assert {"unknown"} < {reason.effect for reason in verdict.reasons}
    assert verdict.answer == outcome


# Properties of every verdict.

uses = st.builds(
    Use,
    monthly_users=st.none() | st.integers(min_value=0, max_value=10**10),
    field=st.sampled_from(["general", "military", "medical advice", "automated decisions"]),
    service=st.sampled_from(["none", "product", "api"]),
    **dict.fromkeys(
        (
            "commercial",
            "research",
            "redistribute",
            "fine_tune",
            "train_other_model",
            "in_eu",
            "multimodal",
            "sue",
        ),
        st.booleans(),
    ),
)
keys = st.sampled_from(sorted(TABLE))


@given(keys, uses)
def test_the_answer_follows_from_the_reasons(key: str, use: Use) -> None:
    verdict = may_use(key, use)
    effects = {reason.effect for reason in verdict.reasons}
    assert (verdict.answer == "no") == ("forbids" in effects)
    assert (verdict.answer == "ask") == ("ask" in effects and "forbids" not in effects)
    assert (verdict.answer == "yes") == effects.isdisjoint({"forbids", "ask", "unknown"})
    assert verdict.note == NOTE
    assert NOTE in str(verdict)


@given(keys, uses)
def test_every_reason_names_its_source(key: str, use: Use) -> None:
    verdict = may_use(key, use)
    assert verdict.reasons
    for reason in verdict.reasons:
        assert reason.fact
        read = reason.title and reason.at and reason.url and reason.url.startswith("https://")
        assert read or reason.effect == "unknown"
        assert reason.says in str(verdict)
        assert not reason.title or f"[{reason.title}, {reason.at}]" in str(verdict)


WISHES = ["commercial", "redistribute", "train_other_model", "in_eu", "multimodal", "sue"]


@given(keys, uses, st.sampled_from(WISHES))
def test_wanting_more_never_gets_an_easier_answer(key: str, use: Use, wish: str) -> None:
    less = may_use(key, use.model_copy(update={wish: False}))
    more = may_use(key, use.model_copy(update={wish: True}))
    assert STRICTNESS.index(less.answer) <= STRICTNESS.index(more.answer)


TRIGGERS = {
    "access": Use(),
    "commercial_use": Use(commercial=True),
    "monthly_users": Use(monthly_users=1),
    "restricted": Use(field="military"),
    "outputs": Use(train_other_model=True),
    "redistribution": Use(redistribute=True),
    "hosting": Use(service="api"),
    "litigation": Use(sue=True),
    "eu_multimodal": Use(in_eu=True, multimodal=True),
}


@pytest.mark.parametrize("clause", TRIGGERS)
def test_a_clause_that_was_not_read_is_never_guessed(clause: str) -> None:
    mit = licence("MIT")
    silent = mit.silent.model_copy(
        update={"clauses": [other for other in mit.silent.clauses if other != clause]}
    )
    terms = mit.terms.model_copy(update={clause: None})
    unread = mit.model_copy(update={"terms": terms, "silent": silent})
    verdict = may_use(unread, TRIGGERS[clause])
    assert verdict.answer == "unknown"
    assert deciders(verdict) == {clause}


VALUES = {
    ("access", "download"): "allows",
    ("access", "request"): "ask",
    ("access", "service"): "forbids",
    ("commercial_use", "allowed"): "allows",
    ("commercial_use", "forbidden"): "forbids",
    ("commercial_use", "research only"): "forbids",
    ("outputs", "free"): "allows",
    ("outputs", "named"): "allows",
    ("outputs", "derivative"): "duty",
    ("outputs", "forbidden"): "forbids",
    ("redistribution", "allowed"): "allows",
    ("redistribution", "forbidden"): "forbids",
    ("hosting", "allowed"): "allows",
    ("hosting", "ask"): "ask",
    ("litigation", "all rights end"): "forbids",
    ("litigation", "patent licence ends"): "ask",
    ("eu_multimodal", "allowed"): "allows",
    ("eu_multimodal", "forbidden"): "forbids",
}


@pytest.mark.parametrize(("clause", "value"), VALUES)
def test_what_each_value_of_a_clause_means(clause: str, value: str) -> None:
    mit = licence("MIT")
    term = mit.terms.access.model_copy(update={"value": value})
    changed = mit.model_copy(update={"terms": mit.terms.model_copy(update={clause: term})})
    verdict = may_use(changed, TRIGGERS[clause])
    met = [reason.effect for reason in verdict.reasons if reason.clause == clause]
    assert met == [VALUES[clause, value]]


# The data.


@pytest.mark.parametrize("release", load(), ids=lambda release: release.name)
def test_every_licence_of_the_catalogue_is_known(release) -> None:
    if release.licence:
        assert licence(release.licence.value).key == release.licence.value


@pytest.mark.parametrize("key", sorted(TABLE))
def test_every_term_says_what_it_means(key: str) -> None:
    found = licence(key)
    for place, entry in found.entries():
        assert entry.says.endswith("."), f"{key}: {place}"
        assert found.sources[entry.source].url.startswith("https://"), f"{key}: {place}"
    used = {entry.source for _, entry in found.entries()}
    assert used == set(found.sources), "a source that nothing cites"


@pytest.mark.parametrize("found", licences().values(), ids=lambda found: found.key)
def test_found_by_any_of_its_names(found: Licence) -> None:
    for name in (found.key, found.key.upper(), found.name, *found.aliases):
        assert licence(name) is found
        assert may_use(name, Use()) == may_use(found, Use())


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(KeyError, match="llama-2"):
        licence("lama-2")
    with pytest.raises(KeyError, match="proprietary"):
        may_use("no such thing", Use())


def broken(folder: Path, old: str, new: str) -> Path:
    """Copy the Apache licence into the folder with one change."""
    shutil.copy(DATA / "apache-2.0.yaml", folder)
    path = folder / "apache-2.0.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("osi_approved:", "osi_aproved:", "terms.osi_aproved: unknown field; did you mean"),
        ("value: express", "value: expres", "terms.patents.value: "),
        ("source: osi", "source: oci", "terms.osi_approved.source: no source has the key 'oci'"),
        ("key: Apache-2.0", "key: Apache-3.0", "key: 'Apache-3.0' belongs into a file"),
        ("[weights]", "[waits]", "terms.conditions[0].when[0]: "),
        ("    at: section 2\n", "", "terms.access.at: missing"),
        ("hosting, naming", "hosting, nameing", "silent.clauses[4]: "),
        ("[monthly_users", "[patents, monthly_users", "silent.clauses: patents stands under"),
        ("quote: perpetual", "quote: " + 25 * "word ", "terms.access.quote: quote fewer than 25"),
    ],
)
def test_a_mistake_in_a_file_is_named_by_file_and_field(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(DataError) as error:
        licences(broken(tmp_path, old, new))
    assert "apache-2.0.yaml: " in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"monthly_users": -1},
        {"monthly_users": 1.5},
        {"monthly_users": True},
        {"commercial": "yes"},
        {"field": "cooking"},
        {"service": "maybe"},
        {"comercial": True},
    ],
)
def test_a_use_that_makes_no_sense_is_refused(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        Use(**wrong)
