"""A proposed repair carried over into a quotation: found by the words around it, which people may have corrected."""

_AROUND = (24, 12, 6, 3, 2, 1)  # letters on either side; fewer where the quotation differs from the document


def with_repair(text: str, *, left: str, before: str, after: str, right: str) -> str | None:
    """The quotation with `after` in place of `before`; None where that place is not there exactly once.

    `left` and `right` are the words of the document on both sides, as it is quoted.
    """
    for most in _AROUND:
        head, tail = left[-most:], right[:most]
        wanted = head + before + tail
        if not wanted:
            return None
        at = text.find(wanted)
        if at >= 0:
            is_alone = text.find(wanted, at + 1) < 0
            return text[: at + len(head)] + after + text[at + len(head) + len(before) :] if is_alone else None
    return None
