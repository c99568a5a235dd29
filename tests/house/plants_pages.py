"""Planted breaches of the rules on pages, each seen caught."""

from tests.house import rules_pages as rules
from tests.house.source import Plant

PAGE = f"{rules.TEMPLATES}/findings/list.html"
CLEAN = """{% extends "frame.html" %}
{# <p style="x"> is only spoken of #}
<script src="{% static 'app.js' %}" defer></script>
<script type="application/json" id="rows">[]</script>
<p class="{% if one > 2 %}a{% endif %}" data-on="x"><a href="/findings/">x</a> <a href="{% url 'x' %}">y</a></p>
"""
FRAME = {f"{rules.TEMPLATES}/frame.html": "<html></html>", "bihuan/web/x.py": "page = 'findings/list.html'\n"}
KEEPS = {**FRAME, PAGE: CLEAN}
BUILT = {f"{rules.STATIC}/vendor/a.css": "a{color:red;top:0}", f"{rules.STATIC}/vendor/a.js": "let a=[1][0]"}

PLANTS = (
    *(
        Plant(
            rules.pages_keep_the_csp, keeps=KEEPS, breaks={PAGE: CLEAN + text}, says="the CSP refuses", name=text[:30]
        )
        for text in (
            '<p class="{{ x }}"\n  style="color: red">',
            "<style>p {}</style>",
            "<script>alert(1)</script>",
            '<script nonce="{{ x }}">1</script>',
            '<button onclick="f()">',
            '<form hx-on:submit="f()">',
            '<a href="javascript:f()">',
            '<div hx-vals="js:{a: 1}">',
        )
    ),
    *(
        Plant(
            rules.nothing_comes_from_elsewhere,
            keeps={**KEEPS, f"{rules.STATIC}/app.css": "a{background:url(x.svg)}"},
            breaks=breaks,
            says="no request leaves our origin",
            name=name,
        )
        for name, breaks in (
            ("script", {PAGE: CLEAN + '<script src="https://cdn.example/x.js"></script>'}),
            ("bare", {PAGE: CLEAN + "<img src=//cdn.example/x.png>"}),
            ("style", {f"{rules.STATIC}/app.css": "a{background:url('https://cdn.example/x.svg')}"}),
            ("import", {f"{rules.STATIC}/app.css": "@import '//cdn.example/x.css';"}),
        )
    ),
    Plant(
        rules.every_template_is_used,
        keeps=KEEPS,
        breaks={f"{rules.TEMPLATES}/findings/old.html": ""},
        says="use it or remove it",
    ),
    Plant(
        rules.every_template_is_used,
        keeps={
            **KEEPS,
            "bihuan/web/y.py": "page = f'findings/{kind}.html'\n",
            f"{rules.TEMPLATES}/findings/a.html": "",
        },
        breaks={"bihuan/web/y.py": "page = 'findings/b.html'\n"},
        says="no template «findings/b.html»",
        name="absent",
    ),
    *(
        Plant(
            rules.styles_and_scripts_are_built,
            keeps=BUILT,
            breaks={},
            says="run `make setup`",
            name=kind,
            gone=(f"{rules.STATIC}/vendor/a.{kind}",),
        )
        for kind in ("css", "js")
    ),
    *(
        Plant(
            rules.built_files_keep_the_floor,
            keeps=BUILT,
            breaks={f"{rules.STATIC}/{name}": text},
            says="Chromium 86 lacks",
            name=text,
        )
        for name, text in (
            ("vendor/a.css", "a{color:color-mix(in srgb,red,blue)}"),
            ("app.css", "a{color:oklch(50% 0 0)}"),
            ("app.css", "a:has(b){color:red}"),
            ("app.css", "a:is(b,c){color:red}"),
            ("app.css", "@container (width>1px){a{color:red}}"),
            ("app.css", "@layer x{a{color:red}}"),
            ("app.css", "a{color:red;& b{color:blue}}"),
            ("app.css", "a{inset:0}"),
            ("app.css", "a{height:100dvh}"),
            ("app.js", "let a = [1].at(-1)"),
            ("vendor/a.js", "structuredClone(a)"),
            ("app.js", "Object.hasOwn(a,'b')"),
            ("app.js", "a.findLast(b)"),
            ("app.js", "a.toSorted()"),
            ("app.js", "crypto.randomUUID()"),
        )
    ),
)
