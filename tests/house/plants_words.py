"""Planted breaches of the rules on words, each seen caught."""

from tests.house import rules_words as rules
from tests.house.source import Plant

HEAD = "| 中文 | English name | meaning |\n| --- | --- | --- |\n"
GLOSSARY = {rules.GLOSSARY: HEAD + "| 问题 | finding | what an inspection found |\n| 侧 | Side | whose paper it is |\n"}
MODEL = "from django.db import models\nclass Dated(models.Model):\n    class Meta:\n        abstract = True\n"
NOUNS = {rules.ARCHITECTURE: "The nouns, one file of that name in every layer:\n\n```\nfindings plans\ndesk\n```\n"}

PLANTS = (
    Plant(
        rules.the_glossary_knows_every_name,
        keeps={**GLOSSARY, "bihuan/models/findings.py": MODEL + "class Finding(Dated): ...\n"},
        breaks={"bihuan/models/plans.py": "from django.db import models\nclass Plan(models.Model): ...\n"},
        says="add Plan to",
    ),
    Plant(
        rules.the_glossary_knows_every_name,
        keeps={**GLOSSARY, "bihuan/models/findings.py": MODEL + "class Finding(Dated): ...\n"},
        breaks={"bihuan/models/findings.py": MODEL + "class Measure(Dated): ...\n"},
        says="add Measure to",
        name="descendant",
    ),
    Plant(
        rules.the_glossary_knows_every_name,
        keeps={**GLOSSARY, "bihuan/rules/x.py": "import enum\nclass Side(enum.StrEnum): ...\n"},
        breaks={"bihuan/rules/x.py": "import enum\nclass Claim(enum.StrEnum): ...\n"},
        says="add Claim to",
        name="enum",
    ),
    Plant(
        rules.the_glossary_is_complete_in_itself,
        keeps=GLOSSARY,
        breaks={rules.GLOSSARY: HEAD + "| 问题 | finding | |\n"},
        says="fill the three cells",
    ),
    Plant(
        rules.the_glossary_is_complete_in_itself,
        keeps=GLOSSARY,
        breaks={rules.GLOSSARY: HEAD + "| 问题 | finding | x |\n| 线索 | Finding | y |\n"},
        says="one word per thing",
        name="twice",
    ),
    *(
        Plant(
            rules.files_are_named_by_the_nouns,
            keeps={**NOUNS, "bihuan/models/findings.py": "", "bihuan/web/urls.py": "", "bihuan/actions/_step.py": ""},
            breaks={name: ""},
            says="is no noun of docs/architecture.md",
            name=name,
        )
        for name in ("bihuan/models/issues.py", "bihuan/web/issues.py", "bihuan/queries/issues/rows.py")
    ),
)
