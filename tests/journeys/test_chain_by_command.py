"""The chain by the command line alone: every deed a command with a person's token, every answer JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.cli.launcher.stage import ROOT
from tests.cli.running import forked
from tests.journeys.chain import (
    LATER,
    MUCH_LATER,
    NO_ORIGINAL,
    OPINION,
    SOON,
    TODAY,
    Cast,
    DraftSeen,
    Story,
    n_marked,
    new_inspection,
    token_of,
)
from tests.journeys.conftest import Place
from tests.journeys.visits import Visits

DOCUMENT = ROOT / "tests" / "samples" / "journey" / "look_back.docx"
CAST = Cast("区人民医院党委", "区委第五巡察组", "yiyuan", "yiyuanban", "zuzhang5", "lianluo5")
PEOPLE = {"yiyuan": ("俞济川", "单位主要负责人"), "yiyuanban": ("晏小棠", "单位承办人")}


class Commands:
    """The door: `bihuan` in the home of the demo, a token for each person."""

    def __init__(self, home: Path, tokens: dict[str, str], folder: Path) -> None:
        self.home, self.tokens, self.folder = home, tokens, folder

    def ask(self, who: str, *words: str) -> tuple[int, Any]:
        """Exit code and JSON of one command; never a traceback."""
        done = forked(self.home, *words, "--json", BIHUAN_TOKEN=self.tokens[who])
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else None

    def say(self, who: str, *words: str) -> Any:
        """The answer to a command that must succeed."""
        code, found = self.ask(who, *words)
        assert code == 0, (words, code, found)
        return found

    def upload(self, who: str, document: Path, *, inspection: str) -> str:
        found = self.say(who, "feedback", "upload", str(document), "--inspection", inspection)
        return str((found[0] if isinstance(found, list) else found)["feedback"])

    def drafts(self, who: str, feedback: str) -> list[DraftSeen]:
        found = self.say(who, "feedback", "drafts", feedback, "--state", "proposed")
        return [DraftSeen(row["id"], row["text"], row["revision"]) for row in found]

    def _on_draft(self, who: str, deed: str, feedback: str, draft: DraftSeen, *options: str) -> None:
        self.say(who, "feedback", deed, feedback, draft.id, *options, "--seen", str(draft.revision))

    def correct(self, who: str, feedback: str, draft: DraftSeen, text: str) -> None:
        self._on_draft(who, "correct", feedback, draft, "--text", text)

    def split(self, who: str, feedback: str, draft: DraftSeen, parts: Sequence[str]) -> None:
        self._on_draft(who, "split", feedback, draft, *(word for part in parts for word in ("--part", part)))

    def join(self, who: str, feedback: str, draft: DraftSeen, other: DraftSeen) -> None:
        self._on_draft(who, "join", feedback, draft, "--with", other.id)

    def drop(self, who: str, feedback: str, draft: DraftSeen, reason: str) -> None:
        self._on_draft(who, "drop", feedback, draft, "--reason", reason)

    def confirm(self, who: str, feedback: str, drafts: Sequence[DraftSeen], category: str) -> None:
        described = ("--category", category, "--amount", "32000.50", "--severity", "key")
        self.say(who, "feedback", "confirm", feedback, *(draft.id for draft in drafts), *described)

    def act(self, who: str, feedback: str, deed: str) -> None:
        seen = self.say(who, "feedback", "show", feedback)["revision"]
        self.say(who, "feedback", deed, feedback, "--seen", str(seen))

    def is_hidden(self, who: str, feedback: str) -> bool:
        code, found = self.ask(who, "feedback", "show", feedback)
        listed = [row["id"] for row in self.say(who, "feedback", "list")]
        assert (feedback in listed) == (code == 0)
        return code == 1 and found["code"] == "unknown"

    def _rows(self, who: str, inspection: str) -> list[dict[str, Any]]:
        rows, page, pages = [], 1, 1
        while page <= pages:
            found = self.say(who, "finding", "list", "--unit", CAST.unit, "--page", str(page))
            rows += found["rows"]
            page, pages = page + 1, found["pages"]
        return rows

    def numbers(self, who: str, inspection: str) -> list[str]:
        return sorted(row["number"] for row in self._rows(who, inspection))

    def fill(self, who: str, feedback: str, numbers: Sequence[str], goal: str) -> None:
        measures = [
            {"text": text, "unit": CAST.unit, "person": "分管副院长", "due_on": str(LATER), "product": "凭证",
             "kinds": kinds}
            for text, kinds in (("逐笔核对并清退", ["recovery"]), ("修订采购办法第三条", ["institution", "like_cases"]))
        ]  # fmt: skip
        rows = [
            {"finding": number, "causes": "采购审批没有复核，党委没有研究过", "goal": goal, "leader": "分管副院长",
             "measures": measures}
            for number in numbers
        ]  # fmt: skip
        file = self.folder / "方案.json"
        file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        self.say(who, "plan", "fill", "--from", str(file))

    def submit(self, who: str, feedback: str) -> None:
        self.say(who, "plan", "submit", feedback)

    def review(self, who: str, feedback: str, *, agrees: bool, rows: Sequence[str] = ()) -> None:
        only = [word for number in rows for word in ("--only", number)]
        back = ("--return", "--fault", "measures_vague", "--reason", OPINION, "--redo-by", str(SOON))
        self.say(who, "plan", "review", feedback, *(("--agree",) if agrees else back), *only)

    def progress(self, who: str, number: str, text: str) -> None:
        self.say(who, "progress", "add", number, text)

    def evidence(self, who: str, number: str, measure: int, file: Path) -> None:
        self.say(who, "evidence", "add", number, "--evidence", f"{measure}={file}|已清退|{TODAY}")

    def ask_extension(self, who: str, number: str) -> None:
        why = "对方单位破产清算，款项待分配"
        self.say(who, "extension", "request", number, "--until", str(MUCH_LATER), "--reason", why)

    def decide_extension(self, who: str, number: str, *, grants: bool) -> None:
        self.say(
            who, "extension", "decide", number, "grant" if grants else "refuse", "--reason", "情况属实，同意办理延期"
        )

    def report_basically_done(self, who: str, number: str) -> None:
        left = ("--remains", "还有一笔没有到账", "--remains-by", str(SOON))
        self.say(who, "finding", "step", number, "report_basically_done", *left)

    def ask_closing(self, who: str, number: str, claim: str) -> None:
        codes = ("answered", "people_and_matters", "money", "rules", "like_cases", "on_site", "masses", "no_new")
        met = [word for code in codes for word in ("--met", f"{code}=已经做到，见佐证")]
        self.say(who, "closing", "request", number, "--claim", claim, *met)

    def decide_closing(self, who: str, number: str, *, agrees: bool, claim: str = "done") -> None:
        if not agrees:
            self.say(who, "closing", "decide", number, "return", "--reason", NO_ORIGINAL)
            return
        kept = (
            ("--stage-goals", "每半年复查一次", "--next-review-on", str(LATER))
            if self._is_last(who, number, claim)
            else ()
        )
        self.say(who, "closing", "decide", number, "agree", "--confirm", "all", *kept)

    def _is_last(self, who: str, number: str, claim: str) -> bool:
        permitted = {step["code"] for step in self.say(who, "finding", "show", number)["permitted"]}
        return claim == "long_term" and "accept_long_term" in permitted

    def ask_reopening(self, who: str, number: str, file: Path) -> None:
        told = ("--ground", "still_there", "--reason", "群众来信反映仍在收费", "--file", str(file))
        self.say(who, "reopening", "request", number, *told)

    def decide_reopening(self, who: str, number: str, *, grants: bool) -> None:
        self.say(
            who, "reopening", "decide", number, "grant" if grants else "refuse", "--reason", "情况属实，同意重启整改"
        )

    def state(self, who: str, number: str) -> str:
        return str(self.say(who, "finding", "show", number)["state"]["code"])

    def counts(self, who: str, inspection: str) -> dict[str, int]:
        rows = self._rows(who, inspection)
        found = self.say(who, "finding", "list", "--unit", CAST.unit)
        counted = {count["state"]["code"]: count["n"] for count in found["counts"] if count["n"]}
        assert counted == {code: sum(row["state"]["code"] == code for row in rows) for code in counted}
        return counted


def test_the_whole_chain_by_commands_alone(demo: Place, visits_of_demo: Visits, tmp_path: Path) -> None:
    inspection = new_inspection(visits_of_demo, CAST, PEOPLE).rpartition("/")[2]
    tokens = dict(demo.tokens) | {who: token_of(visits_of_demo, who) for who in (CAST.head, CAST.clerk)}
    door = Commands(demo.home, tokens, tmp_path)
    Story(door, CAST, inspection, DOCUMENT, tmp_path, n_marked(DOCUMENT)).tell()
