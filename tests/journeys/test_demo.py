"""The demo as somebody meets it who has typed `make demo`: ready, filled in, the same after any way of ending it."""

import json
import os
import re
import time
import urllib.request
from collections import Counter

import pytest

from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import ROLES
from tests.cli.launcher.stage import mode
from tests.cli.running import run
from tests.journeys.conftest import Place

WITHIN_SECONDS = 10
# A withdrawal is asked for and waits for its second person: none has been withdrawn.
NOT_SHOWN = {"withdrawn"}


# Inspected by other journeys in the same county.
OF_OTHERS = {"云溪水投公司党支部", "区人民医院党委", "云溪第一中学党委", "枫林镇党委", "区农业农村局党组"}


def ledger_of(demo: Place, account: str, *narrowed: str) -> dict:
    """What the command lists for the person of that account."""
    said = run(demo.home, "finding", "list", "--as", account, "--json", *narrowed)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_the_last_line_says_where_it_is_and_the_first_page_is_there(demo):
    assert demo.serving.said[-1] == f"Bihuan is ready: {demo.base}/"
    with urllib.request.urlopen(demo.base, timeout=20) as page:
        assert page.url == f"{demo.base}/sign-in"
        assert "闭环" in page.read().decode()


def test_every_role_has_an_account_which_is_told_and_kept_private(demo):
    accounts = demo.accounts
    assert mode(demo.home / "accounts.json") == 0o600
    told = "\n".join(demo.serving.said)
    for person in accounts:
        assert set(person) == {"name", "account", "password", "token", "posts"}
        assert all(set(post) == {"id", "role", "organization"} for post in person["posts"])
        assert re.search(rf"{person['name']} .*{person['account']} .*{re.escape(person['password'])}", told)
        assert person["token"] not in told
    assert {post["role"] for person in accounts for post in person["posts"]} == set(ROLES)
    assert len({person["token"] for person in accounts}) == len(accounts)


def test_three_documents_have_become_about_ninety_findings_in_nearly_every_state(demo):
    whole = ledger_of(demo, "zhuren")
    year = json.loads((demo.home / "demo.json").read_text())["on"][:4]
    units = {unit["name"] for unit in whole["units"]} - OF_OTHERS
    found = [ledger_of(demo, "zhuren", "--unit", unit) for unit in units]
    counts: Counter[str] = Counter()
    for part in found:
        counts.update({count["state"]["code"]: count["n"] for count in part["counts"]})
    assert 85 <= sum(part["matched"] for part in found) <= 95
    assert set(+counts) == {state.code for state in FINDING.states} - NOT_SHOWN
    assert sum(counts.values()) == sum(part["matched"] for part in found)
    assert len(units) == 4
    assert {row["number"].partition("-")[0] for row in whole["rows"]} == {f"云溪〔{year}〕3"}


@pytest.mark.parametrize("ending", ["stop", "die"])
def test_the_next_run_is_ready_within_seconds_and_has_every_finding(demo, ending):
    before = ledger_of(demo, "zhuren")
    getattr(demo, ending)()
    begun = time.monotonic()
    demo.start()
    assert time.monotonic() - begun < WITHIN_SECONDS * _crowding()
    assert demo.serving.said[-1] == f"Bihuan is ready: {demo.base}/"
    assert ledger_of(demo, "zhuren") == before


def _crowding() -> float:
    """How many wait for each processor: 1 on a machine that does nothing else."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
