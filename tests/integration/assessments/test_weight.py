"""What a phone downloads on its first visit, script and style included: less than the promise."""

import re

import brotli
import pytest

from tests.factories import assessments as sittings

#: 20 kB were promised for a first visit to PHQ-9; the rest is room for what is to come.
MOST = 18_000
ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}
#: What the head of an answer weighs at most.
HEAD = 900


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_first_visit_to_phq9_stays_below_the_promise(client, made, language):
    token = made(sittings.open_link, "token")

    page = client.get(f"/o/{token}", headers=ACCEPTS | {"Accept-Language": language})
    html = brotli.decompress(page.data).decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
    rest = re.search(r'data-rest="([^"]+)"', html).group(1)
    answers = [page] + [client.get(address, headers=ACCEPTS) for address in [*files, rest]]

    assert len(files) == 3
    assert [answer.status_code for answer in answers] == [200] * 5
    weights = [len(answer.data) + len(str(answer.headers)) for answer in answers]
    assert all(len(str(answer.headers)) <= HEAD for answer in answers)
    assert sum(weights) <= MOST, weights
