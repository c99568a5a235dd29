"""Planted breaches of the rules on shape, each seen caught."""

from tests.house import rules_shape as rules
from tests.house.source import Plant

LONG = '"""What is here."""\n' + "x = 1\n" * 450
LONGER = '"""What is here."""\n' + "x = 1\n" * 601
LISTED = '[[overrun]]\nwhere = "bihuan/rules/long.py"\nreason = "one literal table, read from top to bottom"\n'
BODY = "    x = 1\n"

PLANTS = (
    Plant(
        rules.files_and_functions_stay_small,
        keeps={"bihuan/rules/short.py": "x = 1\n"},
        breaks={"bihuan/rules/long.py": LONG},
        says="the limit is 400",
        name="soft",
    ),
    Plant(
        rules.files_and_functions_stay_small,
        keeps={"bihuan/rules/long.py": LONG, rules.OVERRUNS: LISTED},
        breaks={"bihuan/rules/long.py": LONGER},
        says="hard limit is 600",
        name="hard though listed",
    ),
    Plant(
        rules.files_and_functions_stay_small,
        keeps={"bihuan/rules/long.py": LONG, rules.OVERRUNS: LISTED},
        breaks={"bihuan/rules/long.py": "x = 1\n"},
        says="remove its entry",
        name="stale entry",
    ),
    Plant(
        rules.files_and_functions_stay_small,
        keeps={"bihuan/web/x.py": "def f():\n" + BODY * 39},
        breaks={"bihuan/web/x.py": "def f():\n" + BODY * 40},
        says="the limit is 40",
        name="function",
    ),
    Plant(
        rules.files_and_functions_stay_small,
        keeps={"bihuan/web/templates/x.html": "<p>\n" * 400},
        breaks={"bihuan/web/templates/x.html": "<p>\n" * 401},
        says="divide it",
        name="template",
    ),
    Plant(
        rules.complexity_is_not_waved_through,
        keeps={"bihuan/web/x.py": "def f():  # noqa: N802\n    pass\n"},
        breaks={"bihuan/web/x.py": "def f():  # noqa: C9" + "01\n    pass\n"},
        says="cannot be switched off",
    ),
    Plant(
        rules.modules_say_what_they_hold,
        keeps={"bihuan/web/x.py": '"""What is here."""\nx = 1\n'},
        breaks={"bihuan/web/x.py": "x = 1\n"},
        says="open the module with a docstring",
    ),
    Plant(
        rules.modules_say_what_they_hold,
        keeps={"bihuan/web/x.py": '"""One.\n\nTwo.\nThree.\n"""\n'},
        breaks={"bihuan/web/x.py": '"""One.\n\nTwo.\nThree.\nFour.\n"""\n'},
        says="say it in 3",
        name="chatty",
    ),
    *(
        Plant(
            rules.names_have_a_purpose,
            keeps={"bihuan/web/findings.py": "class FindingRow: ...\n"},
            breaks={name: text},
            says="says nothing",
            name=name + text[:16],
        )
        for name, text in (
            ("bihuan/web/utils.py", ""),
            ("bihuan/web/_common.py", ""),
            ("bihuan/web/finding_helpers.py", ""),
            ("tests/base/test_x.py", ""),
            ("bihuan/web/findings.py", "class Services: ...\n"),
            ("bihuan/web/findings.py", "class FindingManager: ...\n"),
        )
    ),
    Plant(
        rules.imports_are_absolute,
        keeps={"bihuan/web/x.py": "from bihuan.web import y\n"},
        breaks={"bihuan/web/x.py": "from . import y\n"},
        says="from the top",
    ),
    Plant(
        rules.arguments_are_named,
        keeps={"bihuan/actions/x.py": "def f(a, *, b): ...\ndef _g(a, b): ...\ndef h(a, b) -> Objection | None: ...\n"},
        breaks={"bihuan/actions/x.py": "def f(a, b): ...\n"},
        says="put * after the first argument of f",
    ),
    Plant(rules.no_manage_py, keeps={"bihuan/cli/x.py": ""}, breaks={"manage.py": ""}, says="bihuan db"),
    Plant(
        rules.rules_need_only_python,
        keeps={"bihuan/rules/x.py": "import tomllib\nfrom bihuan.rules import y\n"},
        breaks={"bihuan/rules/x.py": "def f():\n    import babel\n"},
        says="standard library only",
    ),
    Plant(
        rules.rules_need_only_python,
        keeps={"bihuan/rules/x.py": "import tomllib\n"},
        breaks={"bihuan/rules/x.py": "from bihuan.engines import reading\n"},
        says="standard library only",
        name="engines",
    ),
)
