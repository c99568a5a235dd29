"""Planted breaches of the rules on locks, documents and tests, each seen caught."""

from tests.house import rules_papers as rules
from tests.house.source import Plant

LOCKS = {
    "requirements.lock": "django==5.2 \\\n    --hash=sha256:00\n    # via bihuan (pyproject.toml)\n",
    "package-lock.json": '{"packages": {"a": {"version": "1", "funding": {"url": "https://x.example"}}}}\n',
    ".npmrc": "omit-lockfile-registry-resolved=true\n",
    "README.md": "Packages come from PyPI or your mirror.\n",
}
PAGE = "from bihuan.rules import lifecycle\n\n\ndef lifecycle_page():\n    return '# 生命周期\\n'\n"
LIFECYCLE = {"bihuan/__init__.py": "", "bihuan/rules/__init__.py": "", "bihuan/rules/lifecycle.py": PAGE}
MAP = "| row | test |\n| --- | --- |\n| K1 | `tests/journeys/test_a.py::test_it_closes` |\n"
JOURNEYS = {"tests/journeys/test_a.py": "def test_it_closes(): ...\n", rules.JOURNEYS: MAP}
RECORDS = {f"{rules.DECISIONS}/{number}-x.md": "# x\n" for number in rules.NUMBERS}
OUTSIDE = "see ../" + "shared/x.md\n"
LATER = "TO" + "DO: later"

PLANTS = (
    Plant(
        rules.what_is_imported_is_locked,
        keeps={
            **LOCKS,
            "tests/x.py": "import json\nimport django.urls\nfrom bihuan import y\n\ndef f():\n    import xlwt\n",
        },
        breaks={"tests/x.py": "import xlwt\n"},
        says="xlwt is in no lock",
    ),
    *(
        Plant(rules.no_registry_is_named, keeps=LOCKS, breaks=breaks, says="take the registry's address out", name=name)
        for name, breaks in (
            ("index", {"requirements.lock": "--index-url x\n"}),
            ("address", {"requirements-dev.lock": "a @ https://files.example/a.whl\n"}),
            ("links", {"pyproject.toml": '[tool.uv]\nfind-links = ["/x"]\n'}),
            ("resolved", {"package-lock.json": '{"packages": {"a": {"resolved": "x"}}}\n'}),
            ("registry", {".npmrc": "registry=x\n"}),
            ("docs", {"docs/guide/x.md": "pip downloads from pypi" + ".org\n"}),
            ("readme", {"README.zh-CN.md": "来自 registry.npmjs" + ".org\n"}),
        )
    ),
    *(
        Plant(
            rules.the_project_stands_alone,
            keeps={"docs/x.md": "see x.md\n"},
            breaks=breaks,
            says="write here",
            name=name,
        )
        for name, breaks in (("docs", {"docs/y.md": OUTSIDE}), ("code", {"bihuan/x.py": f"# {OUTSIDE}"}))
    ),
    Plant(
        rules.the_lifecycle_page_is_current,
        keeps={**LIFECYCLE, rules.LIFECYCLE: "# 生命周期\n"},
        breaks={rules.LIFECYCLE: "# 生命周期\n\nmore\n"},
        says="write the page again",
    ),
    Plant(
        rules.the_lifecycle_page_is_current,
        keeps={**LIFECYCLE, rules.LIFECYCLE: "# 生命周期\n"},
        breaks={"bihuan/rules/lifecycle.py": "x = 1\n"},
        says="lifecycle_page() must write the page",
        name="absent",
    ),
    *(
        Plant(rules.every_journey_has_its_test, keeps=JOURNEYS, breaks=breaks, says=says, name=says)
        for says, breaks in (
            ("does not exist", {rules.JOURNEYS: MAP + "| P1 | `tests/journeys/test_a.py::test_it_opens` |\n"}),
            ("names no test", {rules.JOURNEYS: MAP + "| P1 | later |\n"}),
            ("map the rows", {rules.JOURNEYS: ""}),
        )
    ),
    *(
        Plant(rules.decisions_are_written, keeps=RECORDS, breaks=breaks, says=says, name=says, gone=gone)
        for says, breaks, gone in (
            ("write this decision", {}, (f"{rules.DECISIONS}/0004-x.md",)),
            ("is told in 60", {f"{rules.DECISIONS}/0004-x.md": "x\n" * 61}, ()),
            ("stands twice", {f"{rules.DECISIONS}/0004-y.md": "x\n"}, ()),
        )
    ),
    *(
        Plant(
            rules.tests_always_run,
            keeps={
                "tests/rules/test_x.py": "import pytest\ndef test_x():\n    pytest.fail('no')\n    scanner.skip()\n"
            },
            breaks={"tests/rules/test_x.py": text},
            says="skipped tests prove nothing",
            name=text[:30],
        )
        for text in (
            "import pytest\npytest.skip('x')\n",
            "import pytest\n@pytest.mark.skipif(True, reason='x')\ndef test_x(): ...\n",
            "import pytest\n@pytest.mark.xfail\ndef test_x(): ...\n",
            "import pytest\nx = pytest.importorskip('x')\n",
            "from pytest import skip\n",
        )
    ),
    *(
        Plant(rules.nothing_is_left_for_later, keeps={"docs/x.md": "x\n"}, breaks=breaks, says="finish it", name=name)
        for name, breaks in (
            ("template", {"bihuan/web/templates/x.html": f"{{# {LATER} #}}\n"}),
            ("document", {"docs/x.md": f"{LATER}\n"}),
        )
    ),
)
