"""Typed reading of one TOML text: every wrong value becomes a sentence that names the file, the key and what is wrong.

What the keys mean is not known here; that is profile.py's.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

LANGUAGES = ("zh", "en")


class ProfileInvalid(Exception):
    """A profile cannot be used. The sentence is for the person who wrote it."""

    def __init__(self, *, file: str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = file, key, reason
        where = f"配置文件“{file}”的“{key}”" if key else f"配置文件“{file}”"
        super().__init__(f"{where}有误：{reason}。")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file that knows its own place in it; asked for every key, it refuses those left over."""

    values: Mapping[str, Any]
    file: str
    path: str = ""
    asked: set[str] = field(default_factory=set)

    @classmethod
    def of_text(cls, text: str, *, file: str) -> "Table":
        """The whole file."""
        try:
            return cls(tomllib.loads(text), file)
        except tomllib.TOMLDecodeError as error:
            raise ProfileInvalid(file=file, key="", reason=f"不是合格的 TOML 文本，解析器的说明是 {error}") from error

    def key(self, name: str) -> str:
        """The full path of a key, as a person would look for it."""
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, *, reason: str) -> ProfileInvalid:
        """The refusal of one key of this table."""
        return ProfileInvalid(file=self.file, key=self.key(name), reason=reason)

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        self.asked.add(name)
        return name in self.values

    def text(self, name: str) -> str:
        """A text with something in it."""
        value = self._value(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, reason="应是一段不空的文字")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A text, or None where the key is absent."""
        return self.text(name) if self.has(name) else None

    def integer(self, name: str, *, least: int = 1) -> int:
        """A whole number not below the least."""
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.wrong(name, reason=f"应是不小于 {least} 的整数，现为 {value!r}")
        return value

    def yes_or_no(self, name: str) -> bool:
        """true or false."""
        value = self._value(name)
        if not isinstance(value, bool):
            raise self.wrong(name, reason=f"应是 true 或 false，现为 {value!r}")
        return value

    def day(self, name: str) -> date:
        """A date without a time."""
        value = self._value(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(name, reason=f"应是日期，例如 2026-01-01，现为 {value!r}")
        return value

    def label(self, name: str = "label") -> Mapping[str, str]:
        """Words in every language of the product, exactly those."""
        table = self.table(name)
        words = {language: table.text(language) for language in LANGUAGES}
        table.refuse_the_rest()
        return MappingProxyType(words)

    def choice(self, name: str, *, among: Iterable[str]) -> str:
        """One word out of a list."""
        value = self.text(name)
        if value not in (allowed := tuple(among)):
            raise self.wrong(name, reason=f"不认识“{value}”，请用 {'、'.join(allowed)} 之一")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts, at least one, none twice."""
        value = self._value(name)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
            raise self.wrong(name, reason="应是一列文字，至少一项")
        twice = sorted({word for word in value if value.count(word) > 1})
        if twice:
            raise self.wrong(name, reason=f"重复列出了 {'、'.join(twice)}")
        return tuple(value)

    def words_or_none(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is absent."""
        return self.words(name) if self.has(name) else ()

    def table(self, name: str) -> "Table":
        """A table below this one."""
        value = self._value(name)
        if not isinstance(value, dict):
            raise self.wrong(name, reason="应是一个表")
        return Table(value, self.file, self.key(name))

    def named_tables(self, name: str) -> dict[str, "Table"]:
        """The tables below a key, by their names, at least one."""
        below = self.table(name)
        if not below.values:
            raise self.wrong(name, reason="至少要有一项")
        return {key: below.table(key) for key in below.values}

    def listed_tables(self, name: str) -> list["Table"]:
        """The tables of a list, at least one; each is named by its place, counted from 1."""
        value = self._value(name)
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            raise self.wrong(name, reason="应是一列表，至少一项")
        return [Table(each, self.file, f"{self.key(name)}[{place}]") for place, each in enumerate(value, start=1)]

    def refuse_the_rest(self) -> None:
        """Refuse keys nobody asked for: most often a slip of the pen that would be silently without effect."""
        left = sorted(set(self.values) - self.asked)
        if left:
            raise self.wrong(left[0], reason="没有这一项，请核对拼写")

    def _value(self, name: str) -> Any:
        if not self.has(name):
            raise self.wrong(name, reason="缺少这一项")
        return self.values[name]
