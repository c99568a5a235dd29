"""What a password must be, what an account name may be, and when failures lock an account; nothing is stored here.

Basis: GB/T 22239—2019 《信息安全技术 网络安全等级保护基本要求》 8.1.4.1 身份鉴别 (失败处理、鉴别信息复杂度).
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bihuan.rules.typed import Objection
from bihuan.rules.vocabulary import N_

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 128
FAILURES = 5
WINDOW = timedelta(minutes=30)
LOCK = timedelta(minutes=30)

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
COMMON = frozenset({
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "admin", "administrator", "root", "welcome", "iloveyou", "letmein",
    "woaini", "5201314", "wodemima", "xuncha", "xunshi", "bihuan", "jiwei", "qwerty", "abc", "a1b2c3d4", "zaq", "test",
    "demo", "user", "guest", "system", "aini", "mima", "zhongguo", "china", "beijing", "dragon", "monkey", "sunshine",
})  # fmt: skip

PASSWORD_RULES = (
    N_("至少十个字，可以用一句话"),
    N_("不含账号名"),
    N_("不是常见的密码，也不是一个字反复或键盘上连着的一串"),
)

Check = Callable[[str, str], Objection | None]


def long_enough(password: str, _name: str) -> Objection | None:
    """Ten characters or more; an upper limit, because hashing is work."""
    if len(password) < MINIMUM_LENGTH:
        return Objection(
            "password_short", N_("密码至少 %(n)s 个字，请加长。"), "password", values={"n": MINIMUM_LENGTH}
        )
    if len(password) > MAXIMUM_LENGTH:
        return Objection("password_long", N_("密码最多 %(n)s 个字，请缩短。"), "password", values={"n": MAXIMUM_LENGTH})
    return None


def not_the_name(password: str, name: str) -> Objection | None:
    """The account's name is no secret, so it is no part of the password."""
    if name and name.lower() in password.lower():
        return Objection("password_has_name", N_("密码里不能有账号名，请换一个。"), "password")
    return None


def not_common(password: str, _name: str) -> Objection | None:
    """No known word with figures behind it, no single sign repeated, no run along the keyboard."""
    plain = password.lower()
    stem = re.sub(r"[\d\W_]+$", "", re.sub(r"^[\d\W_]+", "", plain))
    if stem in COMMON or not stem.strip("0123456789") or len(set(plain)) < 4 or _is_run(plain):
        return Objection("password_common", N_("这个密码太常见，容易被猜到，请换一个。"), "password")
    return None


def _is_run(plain: str) -> bool:
    half = plain[: len(plain) // 2]
    if len(plain) % 2 == 0 and half * 2 == plain:
        plain = half
    return any(plain in run or plain in run[::-1] for run in RUNS)


CHECKS: tuple[Check, ...] = (long_enough, not_the_name, not_common)


def objection_to_password(password: str, *, name: str) -> Objection | None:
    """The first objection to a new password of the account `name`, or None."""
    return next((objection for check in CHECKS if (objection := check(password, name))), None)


def plain_name(typed: str) -> str:
    """An account name as it is stored and compared: no spaces around, small letters."""
    return typed.strip().lower()


def objection_to_name(name: str) -> Objection | None:
    """Account names are 2 to 40 letters, figures, points, dashes or underscores."""
    if NAME.fullmatch(name):
        return None
    return Objection("name_malformed", N_("账号用 2 到 40 个字母、数字、点或横线，请改正。"), "name")


def locked_until(failures: Sequence[datetime], *, at: datetime) -> datetime | None:
    """Until when an account is locked, given its failures since it last signed in, newest first; None: it is open."""
    if len(failures) < FAILURES:
        return None
    newest, oldest = failures[0], failures[FAILURES - 1]
    if newest - oldest > WINDOW or at >= newest + LOCK:
        return None
    return newest + LOCK
