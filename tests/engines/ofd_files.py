"""OFD files made by hand for the tests, part by part: pages of text objects, ruled tables, templates, odd parts."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE, LEADING = 5.6, 10.0  # in millimeters, like all that follows
LEFT, RIGHT, TOP, BOTTOM = 28.0, 180.0, 40.0, 262.0
HANGING = "，。；：、？！）》”"


def text(words: str, x: float, y: float, *, steps: str = "", down: str = "", more: str = "", size: float = SIZE) -> str:
    """A text object whose first baseline is at this place of the page; `more` are further attributes."""
    across = f' DeltaX="{steps}"' if steps else ""
    below = f' DeltaY="{down}"' if down else ""
    code = f'<ofd:TextCode X="0" Y="{size}"{across}{below}>{escape(words)}</ofd:TextCode>'
    box = f'Boundary="{x} {y - size} {len(words) * size} {size}"'
    return f'<ofd:TextObject ID="9" {box} Font="3" Size="{size}" {more}>{code}</ofd:TextObject>'


def rule(x: float, y: float, across: float, down: float) -> str:
    """A straight line from a place of the page."""
    drawn = f"<ofd:AbbreviatedData>M 0 0 L {across} {down}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject Boundary="{x} {y} {across} {down}" LineWidth="0.3">{drawn}</ofd:PathObject>'


def picture() -> str:
    """A picture over the whole page."""
    return '<ofd:ImageObject ID="8" Boundary="0 0 210 297" ResourceID="4"/>'


def page(*objects: str, template: str = "", before: str = "") -> str:
    """A page of these objects, on a template of this number."""
    under = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    layer = f'<ofd:Layer ID="7">{"".join(objects)}</ofd:Layer>'
    return f"{before}<ofd:Page {SPACE}>{under}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def ofd_file(
    *pages: str,
    templates: Mapping[str, str] | None = None,
    listed: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    root: str = "Doc_0/Document.xml",
) -> bytes:
    """An OFD of these pages and templates; `listed` instead of its own list of pages, `parts` over all of its parts."""
    own = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    named = "".join(f'<ofd:TemplatePage ID="{n}" BaseLoc="Tpls/{n}.xml"/>' for n in templates or {})
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    document = f"<ofd:CommonData>{area}{named}</ofd:CommonData><ofd:Pages>{listed or own}</ofd:Pages>"
    body = f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
    whole: dict[str, str | bytes] = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {SPACE} DocType="OFD">{body}</ofd:OFD>',
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}>{document}</ofd:Document>",
        **{f"Doc_0/Pages/Page_{n}/Content.xml": content for n, content in enumerate(pages)},
        **{f"Doc_0/Tpls/{n}.xml": content for n, content in (templates or {}).items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (whole | dict(parts or {})).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def printed(paragraphs: Sequence[str], *, head: str = "", template: str = "") -> bytes:
    """The paragraphs as an office prints them: indented by two characters, on as many pages as they take, numbered."""
    pages: list[list[str]] = []
    y = BOTTOM + 1
    for paragraph in paragraphs:
        for line, x in _broken(paragraph):
            if y > BOTTOM:
                pages.append([])
                pages[-1].append(text(f"— {len(pages)} —", 100, 282, steps="g 4 2.8", size=4.0))
                pages[-1].extend([text(head, LEFT, 20, steps=f"g {len(head) - 1} 4", size=4.0)] if head else [])
                y = TOP
            pages[-1].append(text(line, x, y, steps=f"g {len(line) - 1} {SIZE}" if len(line) > 1 else ""))
            y += LEADING
    made = [page(*objects, template="1" if template else "") for objects in pages]
    return ofd_file(*made, templates={"1": template} if template else None)


def _broken(paragraph: str) -> Iterator[tuple[str, float]]:
    """The lines of a paragraph and where they begin; no line begins with a stop."""
    if paragraph.startswith("|"):
        yield paragraph[1:], (210 - SIZE * len(paragraph[1:])) / 2
        return
    rest, x = paragraph, LEFT + 2 * SIZE
    while rest:
        end = min(len(rest), int((RIGHT - x) / SIZE))
        while end < len(rest) and rest[end] in HANGING:
            end -= 1
        yield rest[:end], x
        rest, x = rest[end:], LEFT


def ruled(lines: Sequence[Sequence[str]], widths: Sequence[float]) -> str:
    """A page with a ruled table."""
    height, sides = 12.0, [LEFT + sum(widths[:n]) for n in range(len(widths) + 1)]
    objects = [rule(LEFT, TOP + n * height, sides[-1] - LEFT, 0) for n in range(len(lines) + 1)]
    objects += [rule(side, TOP, 0, height * len(lines)) for side in sides]
    for number, line in enumerate(lines):
        for column, words in enumerate(line):
            steps = f"g {len(words) - 1} {SIZE}" if len(words) > 1 else ""
            objects.append(text(words, sides[column] + 2, TOP + number * height + 8, steps=steps))
    return page(*objects)
