"""The API and the command answer with the same JSON."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from bihuan.api.shapes import as_json
from bihuan.cli.words import show_json
from bihuan.queries.acting import acting
from bihuan.queries.desk import desk_for
from bihuan.queries.findings.lists import findings_for
from bihuan.queries.findings.narrowing import FindingFilters
from bihuan.queries.findings.page import finding_page
from bihuan.queries.statistics.figures import figures_for
from tests.builders import TODAY, build_county
from tests.paths import a_finding

pytestmark = pytest.mark.django_db


def test_what_the_queries_say_is_written_alike(capsys: pytest.CaptureFixture[str]) -> None:
    path = a_finding(build_county(), "in_progress")
    actor = path.county.actor("office_director")
    with acting(actor):
        told: list[Any] = [
            findings_for(actor, filters=FindingFilters(), on=TODAY),
            finding_page(path.finding, actor=actor, on=TODAY),
            figures_for(actor, on=TODAY),
            desk_for(actor, on=TODAY),
        ]
    for one in told:
        show_json(asdict(one))
        assert json.loads(capsys.readouterr().out) == json.loads(as_json(one)), type(one).__name__
