"""The categories that the demo's liaisons give: one code for each finding of a document, in its order."""

CATEGORIES = {
    "city_investment.docx": (
        "A202 A301 A501 A202 A202 B405 B405 B405 B405 B405 B401 B403 B403 B406 B406 B403 B403 A501 B302 B408 B304"
        " C102 B102 B201 C202 C203 C205 C401"
    ),
    "shitang_town.docx": (
        "A204 B502 A304 A204 B306 D301 A101 B504 B502 B502 B405 B503 B501 A304 A305 B101 B201 B302 B408 B401 B403"
        " C305 B203 C402 C401 C407 C501 D103"
    ),
    "water_bureau.docx": (
        "A101 A101 A202 B306 A202 A202 A402 A302 A302 A302 B403 B403 B403 A301 A304 B203 B101 B203 B302 B303 B401"
        " B402 B401 B409 B304 C102 C103 C201 C501 C304 C406 C402 C404 D104"
    ),
}
