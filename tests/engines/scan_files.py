"""Pages of invented official text as a scanner sees them, for the tests: skew, noise, shadow, a red stamp, a blot."""

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts")
SIMPLIFIED = 2  # in the collections of fonts-noto-cjk
DPI = 200
WIDTH, HEIGHT = 1_654, 2_339
LEFT, RIGHT, TOP = 250, 1_424, 260
LEADING = 78
HANGING = "，。；：、？！）》”"

LETTER = (
    "|关于巡察云溪区水务局党组的反馈意见",
    "区水务局党组：",
    "根据区委统一部署，区委第三巡察组于2026年3月2日至4月30日对区水务局党组开展了常规巡察。现将巡察中发现的问题反馈如下。",
    "一、贯彻落实上级决策部署有差距",
    "（一）理论学习不深入。党组理论学习中心组全年集中学习8次，其中3次以传达文件代替研讨。",
    "（二）重点任务推进缓慢。青石河整治工程应于2025年12月完工，巡察时仅完成61.5%，结余资金428.6万元长期闲置。",
    "二、权力运行监督不够有力",
    "（一）工程管理不规范。抽查的12个项目中有5个未按规定招标，涉及金额1036万元。",
    "（二）财务审核把关不严。2024年以来超标准报销差旅费17笔，多付14.45万元。",
    "三、整改要求",
    "党组书记要切实履行第一责任人责任，在收到反馈意见后15个工作日内报送整改方案。",
)


@cache
def font(size: int, *, face: str = "NotoSerifCJK-Regular") -> ImageFont.FreeTypeFont:
    """A font of fonts-noto-cjk, which the tests need for the browser too."""
    found = sorted(FONTS.rglob(f"{face}.ttc"))
    return ImageFont.truetype(str(found[0]), size, index=SIMPLIFIED)


@dataclass
class Sheet:
    """A page as it was printed: its picture, and where each printed character stands on it."""

    picture: Image.Image
    lines: list[str] = field(default_factory=list)
    boxes: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)

    def box(self, words: str) -> tuple[int, int, int, int]:
        """Around the first place of these words."""
        printed = "".join(character for character, _ in self.boxes)
        at = printed.index(words)
        of = [box for _, box in self.boxes[at : at + len(words)]]
        return of[0][0], min(box[1] for box in of), of[-1][2], max(box[3] for box in of)


def sheets(
    paragraphs: Sequence[str] = LETTER, *, size: int = 44, face: str = "NotoSerifCJK-Regular", numbered: bool = True
) -> list[Sheet]:
    """The paragraphs on as many pages as it takes; one that begins with `|` is centered and larger."""
    made: list[Sheet] = []
    y = HEIGHT
    for paragraph in paragraphs:
        is_title = paragraph.startswith("|")
        type_size = round(size * 1.375) if is_title else size
        for line, left in _broken(paragraph, font(type_size, face=face), size):
            if y > HEIGHT - 260 - size:
                made.append(Sheet(Image.new("RGB", (WIDTH, HEIGHT), "white")))
                y = TOP
            _print(made[-1], line, left, y, font(type_size, face=face))
            y += round(LEADING * size / 44) + (LEADING // 2 if is_title else 0)
    for number, sheet in enumerate(made, 1):
        if numbered:
            words = f"— {number} —"
            draw = ImageDraw.Draw(sheet.picture)
            draw.text((WIDTH / 2 - 50, HEIGHT - 160), words, fill="black", font=font(36, face=face))
    return made


BLOTTED = "招"  # 招标 in the letter


def scanned_letter() -> bytes:
    """The letter on two pages, askew and in noise; on the second a stamp over its words, and a character blotted."""
    first, second = (sheets(part, numbered=False)[0] for part in (LETTER[:6], LETTER[6:]))
    spoiled = blotted(stamped(second.picture, (1_100, 1_050)), second.box(BLOTTED))
    return pdf(*(noisy(skewed(picture, 0.9)) for picture in (first.picture, spoiled)))


def _broken(paragraph: str, face: ImageFont.FreeTypeFont, size: int) -> list[tuple[str, float]]:
    if paragraph.startswith("|"):
        words = paragraph[1:]
        return [(words, (WIDTH - face.getlength(words)) / 2)]
    lines, rest, left = [], paragraph, LEFT + 2.0 * size
    while rest:
        end = len(rest)
        while face.getlength(rest[:end]) > RIGHT - left:
            end -= 1
        while end < len(rest) and rest[end] in HANGING:
            end -= 1
        lines.append((rest[:end], left))
        rest, left = rest[end:], float(LEFT)
    return lines


def _print(sheet: Sheet, line: str, left: float, y: int, face: ImageFont.FreeTypeFont) -> None:
    draw = ImageDraw.Draw(sheet.picture)
    x = left
    for character in line:
        draw.text((x, y), character, fill="black", font=face)
        wide = face.getlength(character)
        sheet.boxes.append((character, (int(x), y, int(x + wide), y + int(face.size * 1.3))))
        x += wide
    sheet.lines.append(line)


def skewed(picture: Image.Image, degrees: float) -> Image.Image:
    """Laid on the glass askew; its lines fall to the right."""
    return picture.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")


def noisy(picture: Image.Image, *, seed: int = 7, strength: int = 30) -> Image.Image:
    """Grain all over, specks, and edges gone soft."""
    chance = random.Random(seed)
    grain = Image.frombytes("L", picture.size, chance.randbytes(picture.width * picture.height))
    grain = grain.point(lambda value: 255 - value * strength // 255).convert("RGB")
    soft = picture.filter(ImageFilter.GaussianBlur(1.0))
    made = ImageChops.multiply(soft, grain)
    draw = ImageDraw.Draw(made)
    for _ in range(400):
        x, y = chance.randrange(picture.width), chance.randrange(picture.height)
        draw.ellipse((x, y, x + chance.randrange(1, 4), y + chance.randrange(1, 4)), fill=(60, 60, 60))
    return made


def shadowed(picture: Image.Image, *, darkest: int = 95) -> Image.Image:
    """The fold of a book: it grows dark to the left, and the light falls off to the bottom."""
    across = Image.linear_gradient("L").rotate(90, expand=True).resize(picture.size)
    down = Image.linear_gradient("L").rotate(180).resize(picture.size)
    light = ImageChops.multiply(
        across.point(lambda v: darkest + v * (255 - darkest) // 255), down.point(lambda v: 190 + v // 4)
    )
    return ImageChops.multiply(picture, light.convert("RGB"))


def stamped(picture: Image.Image, center: tuple[int, int], *, radius: int = 165) -> Image.Image:
    """A round red stamp over what is printed: a ring, a star, words."""
    made = Image.new("RGB", picture.size, "white")
    draw, (x, y), red = ImageDraw.Draw(made), center, (225, 40, 45)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=9)
    points = []
    for corner in range(10):
        reach = radius * (0.32 if corner % 2 == 0 else 0.13)
        angle = math.pi / 5 * corner - math.pi / 2
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    draw.polygon(points, fill=red)
    for index, character in enumerate("中共云溪区委第三巡察组"):
        glyph = Image.new("RGB", (60, 60), "white")
        ImageDraw.Draw(glyph).text((8, -4), character, fill=red, font=font(42, face="NotoSansCJK-Bold"))
        angle = -125 + index * 25
        turned = glyph.rotate(-angle, fillcolor="white")
        place = math.radians(angle - 90)
        at = round(x + radius * 0.77 * math.cos(place)) - 30, round(y + radius * 0.77 * math.sin(place)) - 30
        made.paste(ImageChops.multiply(made.crop((*at, at[0] + 60, at[1] + 60)), turned), at)
    return ImageChops.multiply(picture, made)


def blotted(picture: Image.Image, box: tuple[int, int, int, int], *, seed: int = 3) -> Image.Image:
    """Ink run over most of a character."""
    made, chance = picture.copy(), random.Random(seed)
    draw = ImageDraw.Draw(made)
    left, top, right, bottom = box
    for _ in range(7):
        x, y = chance.randint(left, right - 14), chance.randint(top + 14, bottom - 20)
        draw.line((left + 2, y, right - 2, y + chance.randint(-8, 8)), fill="black", width=5)
        draw.ellipse((x, y, x + 16, y + 13), fill="black")
    return made


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def jpeg(picture: Image.Image, *, quality: int = 60, orientation: int = 1) -> bytes:
    """The picture as a JPEG, turned by its EXIF."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    picture.save(buffer, "JPEG", quality=quality, exif=exif)
    return buffer.getvalue()


def pdf(*pictures: Image.Image) -> bytes:
    """Pages that are pictures."""
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", resolution=DPI, save_all=True, append_images=list(pictures[1:]), quality=80)
    return buffer.getvalue()


TABLE = (
    ("序号", "存在问题", "整改措施", "责任人"),
    ("1", "河长巡河记录不完整，抽查36次中有9次没有照片。", "补齐记录，每月抽查一次并通报。", "沈立群"),
    ("2", "防汛物资账实不符，盘亏编织袋1250条。", "核对台账，追回或赔付，修订领用制度。", "罗文静"),
    ("3", "办公用房超标准3间，共42.6平方米。", "立即腾退，交机关事务中心统一调配。", "沈立群"),
)
TABLE_WIDTHS = (110, 480, 440, 180)


def ruled(rows: Sequence[Sequence[str]] = TABLE, *, size: int = 36) -> Image.Image:
    """A page with a title and a ruled table."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, face, y = ImageDraw.Draw(picture), font(size), 420
    draw.text((430, 300), "云溪区水务局问题整改清单", fill="black", font=font(60))
    sides = [220 + sum(TABLE_WIDTHS[:column]) for column in range(len(TABLE_WIDTHS) + 1)]
    for row in rows:
        cells = [_in_cell(words, width - 24, face) for words, width in zip(row, TABLE_WIDTHS, strict=True)]
        down = max(map(len, cells)) * round(size * 1.5) + 30
        for side in sides:
            draw.line((side, y, side, y + down), fill="black", width=3)
        for floor in (y, y + down):
            draw.line((sides[0], floor, sides[-1], floor), fill="black", width=3)
        for side, lines in zip(sides, cells, strict=False):
            for number, line in enumerate(lines):
                draw.text((side + 12, y + 10 + number * round(size * 1.5)), line, fill="black", font=face)
        y += down
    return picture


def _in_cell(words: str, width: int, face: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for character in words:
        if face.getlength(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines
