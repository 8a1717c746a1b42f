"""Pictures and recordings of items: on the page, on the way, and taken along."""

import re

import pytest

from app.access.actor import OPERATOR
from app.assessments import plan as plans
from app.assessments import queries
from app.authoring.domain import VersionTakenError
from app.authoring.models import InstrumentVersion
from app.authoring.service import publish_instruments
from app.instruments.loader import parse_instrument
from app.platform.db import db
from tests.factories import assessments as sittings
from tests.factories import authoring


@pytest.fixture
def link(made):
    return "/o/" + made(sittings.open_link, "token", "pictured")


def _addresses(page):
    return list(dict.fromkeys(re.findall(r'src="(/media/[^"]+)"', page)))


def test_a_page_shows_pictures_with_words_and_offers_recordings_without_fetching(client, link):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    page = client.get(link)
    english = client.get(link, headers={"Accept-Language": "en"}).text

    assert 'alt="夜空中的月亮" loading="lazy">' in page.text
    assert '<audio class="item__recording" controls preload="none" src="/media/' in page.text
    assert page.text.count('alt=""') == 2  # beside the words of an answer
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert 'alt="The moon at night"' in english
    assert "<audio" not in english  # nobody has spoken it


def test_files_come_whole_or_in_parts_and_stay_for_a_year(client, link):
    moon, audio, star = _addresses(client.get(link).text)
    picture, part = client.get(moon), client.get(audio, headers={"Range": "bytes=2-5"})
    again = client.get(star, headers={"If-None-Match": client.get(star).headers["ETag"]})

    assert picture.data == authoring.read("pictured").source.media["images/moon.png"]
    assert (picture.mimetype, part.mimetype) == ("image/png", "audio/mpeg")
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (part.status_code, len(part.data)) == (206, 4)
    assert part.headers["Content-Range"] == "bytes 2-5/4170"
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    ["pictured/1.0.0/instrument.yaml", "pictured/1.0.0/images/none.png", "pictured/2.0.0/a.png"],
)
def test_nothing_but_named_files_of_a_version_is_served(client, link, address):
    assert client.get(f"/media/{address}").status_code == 404


def test_an_old_address_is_not_kept(client, link):
    address = _addresses(client.get(link).text)[0].partition("?")[0]

    assert client.get(f"{address}?v=0123456789").headers["Cache-Control"] == "no-store"


def test_a_few_are_taken_along_and_many_are_not(client, link, monkeypatch):
    few = client.get(link).text
    queries._plans.clear()
    monkeypatch.setattr(plans, "MOST_CARRIED", 1_000)
    many = client.get(link + "?again").text
    taken = re.search(r'data-media="([^"]+)"', few).group(1).split()

    assert sorted(taken) == sorted(_addresses(few))
    assert "data-media" not in many


def test_a_version_keeps_its_files_and_refuses_others(in_app):
    authoring.published("pictured")
    kept = db.session.query(InstrumentVersion).one()
    source = authoring.read("pictured").source
    other = {path: content + b"!" for path, content in source.media.items()}

    assert set(kept.files) == {"instrument.yaml", "examples.yaml", *source.media}
    with pytest.raises(VersionTakenError):
        publish_instruments(
            actor=OPERATOR,
            instruments=[
                parse_instrument(source.instrument, examples=source.examples, media=other)
            ],
        )
