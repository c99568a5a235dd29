"""Every number on the statistics page is a link, and behind each link are exactly that many rows."""

import re

import pytest

from tests.builders import build_county
from tests.paths import Path, to_closed
from tests.web.visitors import visitor

pytestmark = pytest.mark.django_db
LINKED = re.compile(r'<a href="(/findings/\?[^"]*)">(?:<b>)?([\d,]+)(?:</b>)?</a>')


def test_every_number_leads_to_its_rows():
    path = Path(build_county())
    to_closed(path)
    client = visitor(path.county.actor("office_director"))
    answer = client.get("/statistics/")
    found = LINKED.findall(answer.content.decode())
    assert len(found) >= 5
    for address, number in found:
        listed = client.get(address.replace("&amp;", "&")).context["page"]
        assert listed["matched"] == int(number.replace(",", "")), address


@pytest.mark.parametrize(("role", "status"), [("unit_clerk", 200), ("guest", 200), ("system_officer", 200)])
def test_who_sees_nothing_gets_a_friendly_page(role, status):
    county = build_county()
    answer = visitor(county.actor(role)).get("/statistics/")
    assert answer.status_code == status
    assert "还没有应整改的问题" in answer.content.decode()
