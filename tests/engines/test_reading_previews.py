"""Pages and pictures as PNG: upright, bare of remarks, within bounds of size and time; or a refusal with its code."""

import io
import time
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from bihuan.engines.reading import previews
from bihuan.engines.reading.previews import PDF, PreviewRefused, preview_pages, preview_png

SAMPLES = Path(__file__).parents[1] / "samples" / "refused"
NOTICE = (SAMPLES / "renamed_pdf.docx").read_bytes()
PNG, JPEG = "image/png", "image/jpeg"
ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825


def pdf(*sizes: tuple[float, float]) -> bytes:
    """Empty pages of these sizes in points."""
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def written_pdf(contents: list[str], *, of_page: str) -> bytes:
    """A PDF written by hand: forms that draw each other, the first of them on the page."""
    count = len(contents)
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
        f"<</Length {len(of_page)}>>stream\n{of_page}\nendstream",
        *(
            f"<</Type/XObject/Subtype/Form/BBox[0 0 600 600]/Resources<</XObject<</F {min(6 + at, 4 + count)} 0 R>>>>"
            f"/Length {len(text)}>>stream\n{text}\nendstream"
            for at, text in enumerate(contents)
        ),
    ]
    objects = "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in enumerate(bodies, 1))
    return f"%PDF-1.4\n{objects}trailer<</Root 1 0 R/Size {len(bodies) + 1}>>\n%%EOF".encode()


def picture(form: str = "PNG", *, size: tuple[int, int] = (400, 200), mode: str = "RGB", **given: object) -> bytes:
    """Red on the left, blue on the right."""
    drawn = Image.new(mode, size, "blue")
    ImageDraw.Draw(drawn).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    buffer = io.BytesIO()
    drawn.save(buffer, form, **given)
    return buffer.getvalue()


def shown(content: bytes, media_type: str, page: int = 1, width: int = 800) -> Image.Image:
    made = Image.open(io.BytesIO(preview_png(content, media_type, page, width)))
    assert made.format == "PNG"
    return made


def refused(content: bytes, media_type: str, page: int = 1) -> str:
    with pytest.raises(PreviewRefused) as caught:
        preview_png(content, media_type, page, 800)
    assert caught.value.message.endswith("。")
    return caught.value.code


def test_a_page_that_libreoffice_wrote_shows_its_words() -> None:
    page = shown(NOTICE, PDF).convert("L")
    assert page.width == 800
    assert 1000 < page.height < 1200
    dark = page.histogram()[:128]
    assert 500 < sum(dark) < page.width * page.height * 0.1


def test_pages_are_counted_and_each_has_its_own_shape() -> None:
    document = pdf((600, 800), (800, 600), (600, 600))
    assert preview_pages(document, PDF) == 3
    assert [shown(document, PDF, page, 300).size for page in (1, 2, 3)] == [(300, 400), (300, 225), (300, 300)]


@pytest.mark.parametrize("page", [0, -1, 4, 10**9])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    assert refused(pdf((600, 800)), PDF, page) == "no_page"
    assert refused(picture(), PNG, page) == "no_page"


def test_width_stays_within_bounds_and_a_picture_is_never_made_larger() -> None:
    assert shown(NOTICE, PDF, width=10**9).width <= previews.WIDEST
    assert shown(NOTICE, PDF, width=-5).width == previews.NARROWEST
    assert shown(picture(), PNG, width=900).size == (400, 200)
    assert shown(picture(), PNG, width=100).size == (100, 50)


def test_a_picture_stands_upright_whatever_the_camera_held() -> None:
    remarks = Image.Exif()
    remarks[ORIENTATION] = 6
    upright = shown(picture("JPEG", exif=remarks), JPEG)
    assert upright.size == (200, 400)
    red, blue = upright.getpixel((100, 50)), upright.getpixel((100, 350))
    assert (red[0] > 200, blue[2] > 200) == (True, True)


def test_place_maker_and_remarks_stay_behind() -> None:
    remarks = Image.Exif()
    remarks[MAKER] = "SECRETPHONE"
    remarks.get_ifd(PLACE)[2] = (28.0, 12.0, 30.0)
    text = PngInfo()
    text.add_text("Comment", "SECRETREMARK")
    for form, media_type, given in (
        ("JPEG", JPEG, {"exif": remarks}),
        ("PNG", PNG, {"pnginfo": text, "exif": remarks}),
    ):
        content = picture(form, **given)
        assert b"SECRET" in content
        made = preview_png(content, media_type, 1, 800)
        assert b"SECRET" not in made
        assert not Image.open(io.BytesIO(made)).getexif()
        assert set(Image.open(io.BytesIO(made)).info) == set()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_shown(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (30, 20)).save(buffer, "TIFF" if mode == "CMYK" else "PNG")
    if mode == "CMYK":
        buffer = io.BytesIO()
        Image.new(mode, (30, 20)).save(buffer, "JPEG")
    assert shown(buffer.getvalue(), JPEG if mode == "CMYK" else PNG).size == (30, 20)


def test_locked_broken_and_wrong_files_are_refused_with_their_code() -> None:
    assert refused((SAMPLES / "locked.pdf").read_bytes(), PDF) == "locked"
    assert refused(b"%PDF-1.7\nnothing more", PDF) == "damaged"
    assert refused(picture()[:60], PNG) == "damaged"
    assert refused(picture("JPEG", size=(900, 900))[:400], JPEG) == "damaged"
    assert refused(b"", PNG) == "damaged"
    assert refused(picture("JPEG"), PNG) == "damaged"
    assert refused(b"<svg onload='alert(1)'/>", "image/svg+xml") == "wrong_type"
    assert refused("文字".encode(), "text/plain") == "wrong_type"


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_picture_that_would_swell_is_refused_before_it_is_unpacked(side: int) -> None:
    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    chunk = b"IHDR" + header
    rows = zlib.compress(bytes(1_000_000))
    body = b"IDAT" + rows
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(part[4:]).to_bytes(4, "big") + part + zlib.crc32(part).to_bytes(4, "big") for part in (chunk, body, b"IEND")
    )
    begin = time.monotonic()
    assert refused(bomb, PNG) == "too_large"
    assert time.monotonic() - begin < 5


def test_a_page_as_large_as_a_field_is_drawn_small() -> None:
    made = shown(pdf((14_000, 14_000)), PDF)
    assert made.width <= 800
    assert refused(pdf((1, 14_000)), PDF) == "too_large"
    assert shown(pdf((20, 14_000)), PDF).height <= 8_000
    assert shown(picture(size=(30, 20_000)), PNG).size == (12, 8_000)


def test_a_page_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "SECONDS", 2)
    endless = written_pdf(["/F Do " * 12] * 9 + ["0 0 m 600 600 l S " * 50], of_page="/F Do " * 12)
    begin = time.monotonic()
    assert refused(endless, PDF) == "too_slow"
    assert time.monotonic() - begin < 6


def test_what_may_be_uploaded_may_be_larger_than_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MAX_BYTES", 100)
    assert refused(picture(), PNG) == "too_large"
