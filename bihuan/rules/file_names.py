"""Names of files as people see them: without folders, and without signs that do not show or that mislead the eye."""

import re

from bihuan.rules.vocabulary import N_

LONGEST_SHOWN = 60
_KEPT_END = 15
# Control characters, and those that turn the direction of writing and so can disguise an ending.
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def own_name(name: str) -> str:
    """The file's own name, without the folders that some browsers send along."""
    own = re.split(r"[\\/]", name.encode("utf-8", "replace").decode())[-1]
    own = _UNSHOWN.sub("", own).strip()
    return own if own.strip(". ") else N_("未命名")


def shown_name(name: str) -> str:
    """The file's own name as a sentence can hold it: of a long one the beginning and the end."""
    own = own_name(name)
    return own if len(own) <= LONGEST_SHOWN else f"{own[: LONGEST_SHOWN - _KEPT_END - 1]}…{own[-_KEPT_END:]}"
