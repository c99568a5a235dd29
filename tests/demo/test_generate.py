"""`bihuan generate`: the same county twice for one seed and day, and what is in it; the sample is kept small here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import psycopg
import pypdfium2
import pytest
from PIL import Image

from bihuan.cli.launcher import database
from bihuan.rules.lifecycle import FINDING
from bihuan.rules.vocabulary import ROLES
from tests.cli.launcher.stage import room_for_homes
from tests.cli.running import run

SMALL_SAMPLE = 4
# The command itself; of what goes its way by actions only a little, so that it takes seconds.
COMMAND = f"""
import sys
from bihuan.cli import generate, __main__
named = generate.import_module
def small(name):
    module = named(name)
    module.SAMPLE = {SMALL_SAMPLE}
    return module
generate.import_module = small
sys.argv = ["bihuan", "generate", "--seed", "7", "--findings", "{{findings}}", "--on", "2026-11-22", "--json"]
sys.exit(__main__.main())
"""
NOT_BUSINESS = ("django_", "procrastinate_")


def generated(home: Path, findings: int, *, hash_seed: str) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own."""
    environ = {**os.environ, "BIHUAN_HOME": str(home), "PYTHONHASHSEED": hash_seed}
    for name in ("BIHUAN_DSN", "BIHUAN_OWNER_DSN"):
        environ.pop(name, None)
    command = [sys.executable, "-c", COMMAND.format(findings=findings)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=500, check=False)


@contextmanager
def reading(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner."""
    with database(home, environ={}) as found, psycopg.connect(found.owner_dsn or "") as owner:
        yield owner


@pytest.fixture(scope="module")
def homes() -> Iterator[list[Path]]:
    """Two homes with the same county, made by processes that order their sets differently."""
    with room_for_homes() as folder:
        made = [folder / "one", folder / "two"]
        for number, home in enumerate(made):
            said = generated(home, 1200, hash_seed=str(number))
            assert said.returncode == 0, said.stderr
            facts = json.loads(said.stdout)
            assert facts["by_actions"] + facts["in_bulk"] == 1200
            assert "正在建立索引并核对约束" in said.stderr
        yield made


def dump(home: Path) -> dict[str, list[str]]:
    """Every row of every business table as COPY writes it, in order."""
    with reading(home) as owner:
        names = owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return {
            name: [row[0] for row in owner.execute(f'select t::text from "{name}" t order by 1').fetchall()]
            for (name,) in names
            if not name.startswith(NOT_BUSINESS)
        }


def test_the_same_seed_and_day_make_the_same_county_byte_by_byte(homes):
    one, other = dump(homes[0]), dump(homes[1])
    assert one.keys() == other.keys()
    differing = {name: [pair for pair in zip(one[name], other[name], strict=False) if pair[0] != pair[1]][:1]
                 for name in one if one[name] != other[name]}  # fmt: skip
    assert differing == {}
    assert len(one["finding"]) >= 1200
    assert one["figure_flow"]


def test_the_county_has_a_register_four_rounds_every_state_and_every_role(homes):
    with reading(homes[0]) as owner:
        ask = lambda text: owner.execute(text).fetchall()  # noqa: E731
        assert ask("select count(*) from register_entry") == [(112,)]
        kinds = sorted(kind for (kind,) in ask("select kind from round"))
        assert kinds == ["linked", "regular", "regular", "village"]
        states = {state for (state,) in ask("select distinct state from finding")}
        assert states == {state.code for state in FINDING.states}
        assert {role for (role,) in ask("select distinct role from post")} == set(ROLES)
        for table, column, wanted in (
            ("plan", "state", {"draft", "submitted", "returned", "approved"}),
            ("closing_request", "state", {"open", "agreed", "returned"}),
            ("finding_request", "state", {"open", "granted", "refused"}),
            ("inspection", "state", {"planned", "on_site", "left", "fed_back"}),
            ("feedback", "state", {"draft", "approved", "given"}),
        ):
            found = {state for (state,) in ask(f"select distinct {column} from {table}")}
            assert found >= wanted, table


def test_figures_states_and_digests_agree_with_the_record(homes):
    with reading(homes[0]) as owner:
        (wrong,) = owner.execute(
            "select count(*) from finding f where f.state <> (select c.state_to from state_change c"
            " where c.finding_id = f.id order by c.at desc, c.event_id desc limit 1)"
        ).fetchone() or (1,)
        assert wrong == 0
        (untold,) = owner.execute(
            "select count(*) from finding f where f.revision <> (select count(*) from event e where e.thing_id = f.id)"
        ).fetchone() or (1,)
        assert untold == 0
        late = owner.execute("select max(at)::date <= '2026-11-22' from event").fetchone()
        assert late == (True,)


def test_the_three_answers_on_visibility_are_one_for_fifty_posts_of_every_role(homes):
    command = [sys.executable, "-m", "bench.three_answers", "--home", str(homes[0]), "--share", "1"]
    asked = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert asked.returncode == 0, asked.stderr
    assert f"50 posts of {len(ROLES)} roles" in asked.stdout


def test_evidence_opens_in_what_opens_such_files(homes):
    openers = {
        "application/pdf": lambda content: len(pypdfium2.PdfDocument(content)),
        "image/png": lambda content: Image.open(BytesIO(content)).size[0],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": lambda content: len(
            docx.Document(BytesIO(content)).paragraphs
        ),
    }
    with reading(homes[0]) as owner:
        kinds = owner.execute(
            "select distinct on (u.media_type) u.media_type, c.content from evidence e"
            " join upload u on u.id = e.upload_id join file_content c on c.sha256 = u.sha256"
        ).fetchall()
        (files, contents) = owner.execute(
            "select count(*), count(distinct u.sha256) from evidence e join upload u on u.id = e.upload_id"
        ).fetchone() or (0, 0)
    assert {media_type for media_type, _content in kinds} == set(openers)
    assert all(openers[media_type](content) > 0 for media_type, content in kinds)
    assert files > 10 * contents


def test_a_database_with_something_in_it_is_refused(homes):
    said = run(homes[0], "generate", "--seed", "7", "--findings", "10", "--on", "2026-11-22")
    assert (said.returncode, said.stdout) == (1, "")
    assert "数据库里已经有数据" in said.stderr
    english = run(homes[0], "--lang", "en", "generate", "--seed", "7", "--findings", "10", "--on", "2026-11-22")
    assert "already" in english.stderr
