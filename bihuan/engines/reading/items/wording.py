"""Finds the words of a finding in the text that brings it: without 关于…的问题, quotes, its state and who answers."""

import re

from bihuan.engines.reading.items.states import Day, state_alone
from bihuan.engines.reading.shapes import Span
from bihuan.engines.reading.structure import sections
from bihuan.engines.reading.structure.clauses import clauses_of
from bihuan.engines.reading.structure.lines import trimmed
from bihuan.engines.reading.words import grammar

_BRACKETED = re.compile(r"[(【\[](?P<inside>[^()【】\[\]]{1,40})[)】\]][。;,]?\s*$")
_LEADING = re.compile(r"\s*[(【\[](?P<inside>[^()【】\[\]]{1,30})[)】\]]\s*")
_ASIDE = re.compile(
    r"共性|个性|责任|牵头|涉及|新增|立行立改|长期|[主副]任|书记|处长|局长|院长|部门|科$|办公室|组长|总会计师"
)
_QUOTED = re.compile(r"^[“\"](?P<finding>(?:[^“”\"]|“[^”]{1,60}”){3,400})[”\"][。;]?[)\]〕】]?$")
_TOPIC = re.compile(r"(?:[^,。;:“”]{2,20}:|[^,。;:“”—]{2,8}——)(?=\S{6,})")
_GOAL = re.compile(
    r"(?:聚焦|围绕|紧盯|突出|针对|着眼)[^,。;]{2,24},(?:着力|切实|重点|下力|集中)?"
    r"(?:解决|整治|纠治|破解|纠正)(?=\S{6,})"
)
_ASKED = re.compile(
    r"[,—。](?:[^,—。]{0,12}(?:了没有|了没|吗|怎么样|如何|谁的责任|怎么办|改了没有|呢)|我听说[^,。]{2,14})$"
)
_ADDED = re.compile(r",(?:这[一条个件][^,]{1,12}(?:意见|反映)[^,]{0,10}|我[^,]{1,6}(?:也有|同样)[^,]{0,10})$")
_STOPS = "。;,:、"
_ENDING = re.compile("(?P<of>[的等])?(?:突出|主要)?问题(?:的?整改(?:工作)?(?:落实|进展|完成)?(?:情况|成效)?)?$")
_SHORTEST = 6
_NAMED = 9
_SHARE = re.compile(r"^(?:累计|进度|完成|整改|目前|本期)[^,。;]{0,6}\d{1,3}(?:\.\d+)?%|长期坚持$")
_LONGEST_TOPIC = 22
_PLAIN = re.compile("(?:方面|专项检查|领域|专项)$")
_ANNOUNCED = re.compile(r"[。,;]?(?:具体|主要)?(?:表现)(?:为|在|如下)?[:。]?$")


def finding_in(mirror: str, span: Span, *, on: Day | None = None) -> tuple[Span, list[Span]]:
    """Where the finding itself stands, and the brackets around it that tell something else (its state, who answers)."""
    asides: list[Span] = []
    span = trimmed(mirror, span)
    while (found := _LEADING.match(mirror, *span)) and _is_aside(found["inside"], on):
        asides.append(found.span("inside"))
        span = (found.end(), span[1])
    while (found := _BRACKETED.search(mirror, *span)) and found.start() > span[0] and _is_aside(found["inside"], on):
        asides.append(found.span("inside"))
        span = trimmed(mirror, (span[0], found.start()))
    return _worded(mirror, _without_state(mirror, span, asides, on)), asides


def _is_aside(words: str, on: Day | None) -> bool:
    if any(state_alone(one, on=on) for one in (words, *words.split(","))):
        return True
    if _ASIDE.search(words) or _SHARE.search(words):
        return True
    return len(words) <= _NAMED and not sections.is_negative(words) and not re.search(r"\d", words)


def _without_state(mirror: str, span: Span, asides: list[Span], on: Day | None) -> Span:
    clauses = list(clauses_of(mirror, span))
    while len(clauses) > 1 and state_alone(mirror[slice(*clauses[-1].span)], on=on):
        asides.append(clauses.pop().span)
    return (span[0], clauses[-1].span[1]) if clauses else span


def _worded(mirror: str, span: Span) -> Span:
    span = trimmed(mirror, span, also=_STOPS + "?")
    for behind in (_ASKED, _ADDED):
        found = behind.search(mirror, *span)
        span = (span[0], found.start()) if found else span
    announced = _ANNOUNCED.search(mirror, *span)
    span = trimmed(mirror, (span[0], announced.start() if announced else span[1]), also=_STOPS)
    words = mirror[slice(*span)]
    for name in ("about", "about_plain"):
        found = grammar.pattern("heads", name).match(words)
        if found:
            return trimmed(mirror, (span[0] + found.start("finding"), span[0] + found.end("finding")), also=_STOPS)
    ending = _ENDING.search(words)
    if ending and ending.start() >= _SHORTEST and (ending["of"] or is_wrong(words[: ending.start()])):
        return span[0], span[0] + ending.start()
    quoted = _QUOTED.match(words)
    if quoted:
        return span[0] + quoted.start("finding"), span[0] + quoted.end("finding")
    return _past_topic(mirror, span)


def is_wrong(words: str) -> bool:
    """Something is wrong even without the words 存在 and 问题."""
    return sections.is_negative(re.sub("存在|问题|[和与及、]不足|的不足$", "", words))


def _past_topic(mirror: str, span: Span) -> Span:
    """Behind a short topic (师资队伍:) or a sentence that sets a goal, when what follows says what is wrong."""
    start, end = span
    found = _TOPIC.match(mirror, start, end)
    if found and ("—" in found[0] or not is_wrong(found[0])):
        return found.end(), end
    if goal := _GOAL.match(mirror, start, end):
        return goal.end(), end
    stop = mirror.find("。", start, end)
    if 0 < stop < end - 1 and sections.is_negative(mirror[stop + 1 : end]) and _is_topic(mirror[start:stop]):
        return trimmed(mirror, (stop + 1, end), also=_STOPS)
    return span


def _is_topic(sentence: str) -> bool:
    if grammar.pattern("points", "goal").match(sentence):
        return True
    return len(sentence) <= _LONGEST_TOPIC and bool(_PLAIN.search(sentence))
