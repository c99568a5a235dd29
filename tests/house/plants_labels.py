"""Planted breaches of the rules on labels, each seen caught."""

from tests.house import rules_labels as rules
from tests.house.source import Plant

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
SAID = 'msgid "待办"\nmsgstr "Desk"\n\nmsgid "共 %(n)s 条"\nmsgstr "%(n)s rows"\n'
CATALOG = {rules.CATALOG: HEAD + SAID}
PAGE = "{% load i18n %}\n{# 注 #}\n  <p>\n{% translate '待办' %}</p>\n"
PAGE += "<button>中文</button> {% blocktranslate %}共 {{ n }} 条{% endblocktranslate %}\n"
KEEPS = {**CATALOG, "bihuan/rules/x.py": "x = N_('待办')\n", f"{rules.TEMPLATES}/x.html": PAGE}

PLANTS = (
    *(
        Plant(rules.every_label_is_translated, keeps=KEEPS, breaks=breaks, says=said, name=name)
        for name, breaks, said in (
            ("python", {"bihuan/rules/x.py": "x = N_('台账')\n"}, "«台账»"),
            ("joined", {"bihuan/web/x.py": "x = _('台' '账')\n"}, "«台账»"),
            ("context", {"bihuan/web/x.py": "x = pgettext('menu', '台账')\n"}, "«台账»"),
            ("template", {f"{rules.TEMPLATES}/x.html": PAGE + "{% translate '台账' %}"}, "«台账»"),
            (
                "block",
                {f"{rules.TEMPLATES}/x.html": PAGE + "{% blocktranslate %}第 {{ n }} 页{% endblocktranslate %}"},
                "«第 %(n)s 页»",
            ),
            ("empty", {rules.CATALOG: HEAD + SAID.replace('"Desk"', '""')}, "«待办»"),
            ("fuzzy", {rules.CATALOG: HEAD + "#, fuzzy\n" + SAID}, "«待办»"),
            ("absent", {rules.CATALOG: ""}, "«待办»"),
        )
    ),
    *(
        Plant(rules.pages_say_nothing_untranslatable, keeps=KEEPS, breaks=breaks, says="for translation", name=name)
        for name, breaks in (
            ("text", {f"{rules.TEMPLATES}/x.html": PAGE + "<h1>台账</h1>"}),
            ("attribute", {f"{rules.TEMPLATES}/x.html": PAGE + '<input title="台账">'}),
            ("default", {f"{rules.TEMPLATES}/x.html": PAGE + '{{ name|default:"无" }}'}),
            ("view", {"bihuan/web/x.py": "title = '台账'\n"}),
            ("sentence", {"bihuan/web/x.py": "title = f'共{n}条'\n"}),
        )
    ),
    Plant(
        rules.profile_labels_have_both_languages,
        keeps={"bihuan/profiles/x.toml": '[[kind]]\nlabel = {zh = "常规", en = "Regular"}\n'},
        breaks={"bihuan/profiles/x.toml": '[[kind]]\nlabel = {zh = "常规"}\n'},
        says="both languages",
    ),
)
