"""The cage holds: proved before anything is let loose in it. Then threats against stock nbgrader.

Each night: what bites nbgrader changes with its version, which is locked. All threats take most of
an hour; without `STOCK=all` one of each class is tried.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from needed import sandboxed

from . import cage, harness

pytestmark = [pytest.mark.slow, pytest.mark.nightly, pytest.mark.xdist_group("cage")]

THREATS = {
    name: threat for name, threat in harness.threats().items() if threat.checked_by == "both"
}
FIRST = ["1_inside-always_equal", "2_file-skip_tag", "3_stealing-home", "4_harm-grader_killed",
         "5_broken-a_mere_warning"]  # fmt: skip
CHOSEN = list(THREATS) if os.environ.get("STOCK") == "all" else FIRST

PROBE = r"""
cd; echo uid=$(id -u) caps=$(grep CapEff /proc/self/status | cut -f2)
echo processes=$(ls /proc | grep -c '^[0-9]')
echo interfaces=$(grep -c : /proc/net/dev)
(exec 3<>/dev/tcp/1.1.1.1/53) 2>/dev/null && echo network=open || echo network=closed
for place in "$OUTSIDE" / /usr /etc /dev /run/files; do
  (echo x > "$place/x") 2>/dev/null && echo "written=$place" || echo "refused=$place"
done
ls "$OUTSIDE" >/dev/null 2>&1 && echo outside=seen || echo outside=hidden
mount -o remount,rw /usr 2>/dev/null && echo mount=done || echo mount=refused
unshare -U true 2>/dev/null && echo unshare=done || echo unshare=refused
head -c 400000000 /dev/zero > big 2>/dev/null; echo disk=$(stat -c %s big); rm -f big
for i in $(seq 300); do sleep 60 & done 2>/dev/null; echo children=$(jobs -p | wc -l)
"""


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The cage, after it was tried; nothing is let loose where this fails."""
    sandboxed(cage.LIMITS)
    scratch = tmp_path_factory.mktemp("cage")
    scratch.chmod(0o755)
    outside = tmp_path_factory.mktemp("outside")
    (outside / "canary").write_text("alive")
    status, said = cage.run(f"OUTSIDE={outside}; {PROBE}", scratch)
    found = dict(line.split("=", 1) for line in said.split() if "=" in line)
    lines = said.splitlines()
    assert found["uid"] != "0", said
    assert int(found["caps"], 16) == 0
    assert int(found["processes"]) < 10
    assert found["interfaces"] == "1"
    assert found["network"] == "closed"
    assert not [line for line in lines if line.startswith("written=")]
    assert found["outside"] == "hidden"
    assert found["mount"] == found["unshare"] == "refused"
    assert int(found["disk"]) <= cage.LIMITS.disk
    assert int(found.get("children", 0)) < 160, status
    assert (outside / "canary").read_text() == "alive"
    assert [path.name for path in outside.iterdir()] == ["canary"]


def test_the_cage_holds(proved: None) -> None:
    """What the fixture asserts."""


def test_time_ends_the_cage_and_all_that_is_in_it(
    proved: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cage, "SECONDS", 2)
    tmp_path.chmod(0o755)
    sleeper = f"exec -a threat sleep {harness.SLEEPER}"
    status, _ = cage.run(f"(setsid bash -c '{sleeper}' &); sleep 100", tmp_path)
    assert status == -1
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert harness.SLEEPER.encode() not in path.read_bytes().split(b"\0")[1:2]
        except OSError:
            continue


@pytest.mark.parametrize("name", CHOSEN)
def test_a_threat_bites_stock_nbgrader(name: str, proved: None, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    _, said = cage.stock(name, tmp_path)
    found: dict[str, Any] = json.loads(said.partition("FOUND")[2])
    details = found.pop("details")
    bitten = {kind for kind, is_so in found.items() if is_so}
    if THREATS[name].bites == "none":
        assert not bitten, details
    else:
        assert THREATS[name].bites in bitten, details
