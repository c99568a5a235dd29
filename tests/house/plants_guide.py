"""Planted breaches of the rules on the guide, each seen caught."""

from tests.house import rules_guide as rules
from tests.house.rules_labels import CATALOG
from tests.house.source import Plant

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
WORDS = (("单位承办人", "Clerk of unit"), ("保存", "Save"))
LABELS = HEAD + "\n".join(f'msgid "{label}"\nmsgstr "{word}"\n' for label, word in WORDS)
ROLES = 'ROLES = {\n    "unit_clerk": N_("单位承办人"),\n}\n'
CHINESE = "# 单位\n\n## 单位承办人\n\n1. 点「保存」。\n\n![保存](../pictures/guide/unit.png)\n"
ENGLISH = "# Unit\n\n## Clerk of unit\n\n1. Press **Save**.\n\n![Saving](../pictures/guide/unit.png)\n"
PICTURE = "docs/pictures/guide/unit.png"
TREE = {
    CATALOG: LABELS,
    rules.VOCABULARY: ROLES,
    "docs/guide/README.md": "# Ten minutes\n\nClerk of unit: unit.md\n",
    "docs/guide/README.zh-CN.md": "# 十分钟\n\n单位承办人：unit.zh-CN.md\n",
    "docs/guide/unit.md": ENGLISH,
    "docs/guide/unit.zh-CN.md": CHINESE,
    PICTURE: "png",
}
OFFICER = {rules.VOCABULARY: ROLES.replace("}", '    "audit_officer": N_("安全审计员"),\n}')}

PLANTS = (
    Plant(rules.every_picture_of_the_guide_is_there, keeps=TREE, breaks={}, gone=(PICTURE,), says="is not there"),
    Plant(
        rules.every_picture_of_the_guide_is_there, keeps=TREE, breaks={"docs/pictures/guide/old.png": "png"},
        says="no page of the guide shows it", name="unused",
    ),
    Plant(rules.every_role_is_in_the_guide, keeps=TREE, breaks=OFFICER, says="name 安全审计员"),
    Plant(rules.every_role_is_in_the_guide, keeps=TREE, breaks=OFFICER, says="ten minutes for 安全审计员", name="page"),
    Plant(
        rules.the_guide_quotes_labels, keeps=TREE, says="«保持»",
        breaks={"docs/guide/unit.zh-CN.md": CHINESE.replace("保存」", "保持」")},
    ),
    Plant(
        rules.the_guide_quotes_labels, keeps=TREE, says="«Keep»", name="English",
        breaks={"docs/guide/unit.md": ENGLISH.replace("Save", "Keep")},
    ),
    Plant(
        rules.the_guide_is_the_same_in_both_languages, keeps=TREE, says="headings, steps and pictures",
        breaks={"docs/guide/unit.md": ENGLISH + "\n2. Press **Save** again.\n"},
    ),
    Plant(
        rules.the_guide_is_the_same_in_both_languages, keeps=TREE, says="write unit.md", name="absent",
        breaks={}, gone=("docs/guide/unit.md",),
    ),
)  # fmt: skip
