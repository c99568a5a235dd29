"""Asks need to know three ways at size: the rule, the filter run as owner, and the rows the application role gets.

For many posts of all roles, over a random share of a county's findings and of what hangs on them. Run
`make bench ARGS="three_answers --home FOLDER"` on a home made by `bihuan generate`, or with `--rows N` on a new one.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from bench._homes import ask_for_a_home, measured_home

POSTS, SHARE, SEED = 50, 0.01, 20261122
# What is compared of each finding: its own row, and those that hang on it, by the column that names the finding.
TABLES = {"Finding": "id", "Measure": "finding_id", "PlanRow": "finding_id", "Progress": "finding_id"}
SHOWN = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    ask_for_a_home(parser, rows=100_000)
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--share", type=float, default=SHARE, help="of the findings, 0 to 1")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    with measured_home(asked):
        told = list(compared(asked.posts, share=asked.share, seed=asked.seed))
    return 1 if told else 0


def compared(posts: int, *, share: float, seed: int) -> Iterator[str]:
    """Every difference in words; what was compared is printed."""
    from django.apps import apps

    from bihuan.models import Finding, Post
    from bihuan.queries.people import actor_for

    chance = random.Random(seed)
    every = sorted(Finding.objects.values_list("pk", flat=True))
    sample = chance.sample(every, max(1, round(len(every) * share)))
    rows = {name: _rows(apps.get_model("bihuan", name), column, sample) for name, column in TABLES.items()}
    chosen = _of_all_roles(list(Post.objects.order_by("pk").select_related("account")), posts, chance)
    seen = asked = named = 0
    for post in chosen:
        actor = actor_for(post.account_id, post=post.pk, via="web", on=_day())
        if actor is None:
            continue
        sight = _sight(post.pk)
        named += bool(sight.inspections or sight.things)
        for name, found in rows.items():
            answers = _answers(actor.scope, sight, apps.get_model("bihuan", name), found)
            asked += len(found)
            seen += len(answers[0])
            for row in sorted(set.union(*answers) - set.intersection(*answers))[:SHOWN]:
                words = f"{post.role} {name} {row}: rule, filter, policy say {[row in answer for answer in answers]}"
                print(words, file=sys.stderr)
                yield words
    roles = len({post.role for post in chosen})
    kinds = ", ".join(f"{len(found):,} {name}" for name, found in rows.items())
    print(f"{len(every):,} findings, of these {kinds}")
    print(f"{len(chosen)} posts of {roles} roles, {named} of them with something by name")
    print(f"{asked:,} questions asked three ways, {seen:,} answered with yes")


def _of_all_roles(posts: Sequence[Any], number: int, chance: random.Random) -> list[Any]:
    """So many posts, of each role in its turn."""
    by_role: dict[str, list[Any]] = defaultdict(list)
    for post in posts:
        by_role[post.role].append(post)
    for found in by_role.values():
        chance.shuffle(found)
    in_turn = chain.from_iterable(zip_longest(*(by_role[role] for role in sorted(by_role))))
    return [post for post in in_turn if post is not None][:number]


def _rows(model: Any, column: str, findings: Sequence[UUID]) -> list[Any]:
    return list(model.objects.filter(**{f"{column}__in": findings}))


def _answers(scope: Any, sight: Any, model: Any, rows: Sequence[Any]) -> list[set[UUID]]:
    from django.db import connection

    from bihuan.queries.acting import reaching
    from bihuan.rules.access import Place, may_see

    keys = [row.pk for row in rows]
    by_rule = {
        row.pk
        for row in rows
        if may_see(
            scope,
            place=Place(row.unit_lo, row.inspection_id, row.stage, row.side, row.secrecy),
            thing=getattr(row, model.grant_key),
            sight=sight,
        )
    }
    by_filter = set(model.objects.visible_to(scope).filter(pk__in=keys).values_list("pk", flat=True))
    with reaching(scope), connection.cursor() as cursor:
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f"select {key} from {table} where {key} = any(%s)", [keys])
        return [by_rule, by_filter, {row[0] for row in cursor.fetchall()}]


def _sight(post: UUID) -> Any:
    from bihuan.models import Assignment, Grant
    from bihuan.rules.access import Sight

    assigned = Assignment.objects.filter(post_id=post).values_list("inspection_id", flat=True)
    granted = Grant.objects.valid().filter(post_id=post).values_list("thing", flat=True)
    return Sight(frozenset(assigned), frozenset(granted))


def _day() -> Any:
    from bench._readers import now_in_the_county

    return now_in_the_county().date()


if __name__ == "__main__":
    sys.exit(main())
