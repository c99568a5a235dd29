"""A sound Simplified text comes out as it went in, byte by byte, whatever it is made of."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.reading.restore import restore_bytes, restore_text
from tests.corpus.marks import FOLDER, document

SAMPLES = sorted((Path(__file__).parents[1] / "samples").rglob("*.txt"))
# Documents of the corpus that were copied from a page, with its navigation: all others are clean.
ON_PAGES = ("首页", "版权所有", "打印", "网站地图", "扫一扫", "返回列表", "分享")
LINES = (
    "关于巡察青禾县水务局党组的反馈意见\n",
    "中共青禾县委巡察工作领导小组办公室\n2025年6月18日\n",
    "一、党的领导弱化，研究重大事项不够\n（一）会议记录不全。\n1.2023年以来，“三重一大”事项未上会12次。\n",
    "一是学习不深入；二是台账不全；三是整改不到位。\n",
    "重量不得超过50公斤(kg)，长度按米(m)计，面积3.5公顷(ha)，见附件(a)和(b)、(c)。\n",
    "亳(bó)州、单(shàn)县、逄(páng)某三处名称的读音，以地名办公布的为准。\n",
    "序号\t问题\t责任单位\t完成时限\n1\t台账不全\t办公室\t2025年9月底\n2\t报销不严\t财务科\t立行立改\n",
    "    第一条　为了规范档案管理，制定本办法。\n    第二条　本办法自印发之日起施行。\n",
    "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n",
    "绿水逶迤去 青山相向开\n人间烟火气 最抚凡人心\n",
    "The team stayed for 45 days (from 3 March to 16 April), and heard 212 people; see Annex A.\n",
    "姓  名：李  强    职  务：主  任\n目　　录\n前　言\n",
    "工 作 简 报\n会 议 纪 要\n",
    "联系电话：0571-00000000；电子邮箱：xc@example.com；邮政信箱：青禾县邮政局1号信箱。\n",
    "来源：县委巡察办　责任编辑：赵明\n",
    "x<y且y>z时，取a<b的一组；《关于落实<关于加强整改>任务清单》照此办理；AT&T、R&D、A&B公司不在此列。\n",
    "张乾、毕昇、钱锺书、瞭望台、显著、著作、编著、土著、慰藉、狼藉、乾隆年间、覆核、於潜镇。\n",
    "怎么办?有的同志问：“谁来管？钱从哪里来?”这两个问题都要回答!\n",
    "- 建立台账\n- 每周报一次\n* 每月查一次\n● 每季度评一次\n",
    "收支合计 1,234,567.89 元(含税),同比增长 3.2% ;详见 https://example.com/a?b=1&c=2 。\n",
    "省略号……破折号——书名号《》〈〉和「引号」、『双引号』都不动。。\n",
    "XX村、××公司、某某同志、_____（签字）\n",
    "2024 年 3 月，全县 124 个党组织 8 个单位接受了检查。\n",
    "县委常委会会议、县政府常务会议和县委巡察工作领导小组会议多次研究整改工作要求各牵头单位\n各责任单位按照时限抓好落实\n",
    "我在这里讲三点意见\n第一讲责任\n第二讲方法\n第三讲时限\n",
    "上级要求：\n\n\n（此件公开发布）\n\n抄送：县纪委、县委组织部。\n",
    "3.软件著作权登记不规范，版权所有人写成个人。\n版权所有者不明的12件没有清理。\n",
    "本网格发现的问题由社区删除台账记录，责任没有落实。\n本站工作人员对稿酬发放不规范的问题不承担责任。\n",
    "扫码点餐推广中对老年人关注不够。\n网站没有办理浙ICP备案手续。\n阅读量：3000次\n免责声明：略\n",
    "首页、通知、公告三个栏目长期不更新\n打印\n关闭\n上一篇：略\n地址：县政府大楼3楼\n主办：县水务局\n",
    "赵明，男，青禾县水务局党组成员、副局长，分管供水\n钱红，女，青禾县教育局党组成员、副局长，分管基建\n"
    "孙立，男，青禾县民政局党组成员、副局长，分管救助\n李青，女，青禾县财政局党组成员、副局长，分管国库\n"
    "周同，男，青禾县审计局党组成员、副局长，分管投资\n吴燕，女，青禾县林业局党组成员、副局长，分管造林\n",
    "鲜为人知的是，龘靐齉爩这类字在姓名和地名里也会出现，如堃、喆、淼、珺、赟、璟、垚。\n",
)
ENDS = ("\n", "\r\n", "\r")
SEEDS = st.lists(st.sampled_from(LINES), min_size=1, max_size=25)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_of_the_project_stays_byte_by_byte(path: Path) -> None:
    content = path.read_bytes()
    assert restore_bytes(content).text.encode() == content


def test_documents_of_the_corpus_stay_but_for_the_frames_of_pages() -> None:
    looked_at = 0
    for path in sorted(FOLDER.glob("*.txt")):
        text = document(path).text
        restored = restore_text(text)
        made = [change for change in restored.changes if change.applied]
        if not any(word in text for word in ON_PAGES):
            assert restored.text == text, (path.stem, made[:3])
        looked_at += restored.text == text
        assert {change.rule for change in made} <= {"boilerplate"}, (path.stem, made[:3])
    assert looked_at > 20


@pytest.mark.parametrize("line", LINES)
def test_every_line_stays_alone_and_again_and_again(line: str) -> None:
    assert restore_text(line).text == line
    assert restore_text(line * 40).text == line * 40


@settings(deadline=None, max_examples=300)
@given(SEEDS, st.sampled_from(ENDS))
def test_whatever_is_put_together_from_sound_lines_stays(lines: list[str], end: str) -> None:
    text = "".join(lines).replace("\n", end)
    assert restore_text(text).text == text


@settings(deadline=None, max_examples=300)
@given(SEEDS, st.data())
def test_sound_text_stays_wherever_it_is_cut(lines: list[str], data: st.DataObject) -> None:
    text = "".join(lines)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    assert restore_text(text[begin:end]).text == text[begin:end]


EVERYDAY = "".join(bytes((lead, trail)).decode("gb2312") for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFF))
SIGNS = "，。、；：？！“”（）《》\n\t 0123456789abcXYZ().,;:%+-/·"


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet=EVERYDAY + SIGNS * 20, max_size=300))
def test_any_everyday_characters_and_signs_stay(text: str) -> None:
    assert restore_text(text).text == text


def test_bytes_in_other_encodings_become_the_same_text() -> None:
    text = "".join(LINES)
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"):
        restored = restore_bytes(text.encode(encoding))
        assert restored.text == text, encoding
        assert text.encode(encoding).decode(restored.encoding) == text
