"""`xinqiao swaps`: which slips of a campaign were probably swapped."""

import json
from typing import Any

import click
from sqlalchemy import select

from app.access.actor import OPERATOR
from app.campaigns.models import Campaign
from app.cli.door import writing
from app.platform import audit
from app.platform.db import db
from app.results.evidence import Checked, check_campaign


@click.command()
@click.argument("campaign")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def swaps(campaign: str, as_json: bool) -> None:
    """List pairs of students who probably had each other's slip, by public ids.

    CAMPAIGN is its code. Neither answers nor scores are printed; a pair is a reason to ask.
    """
    with writing():
        found = db.session.scalar(select(Campaign).where(Campaign.code == campaign))
        if found is None:
            raise click.ClickException(f"no campaign has the code “{campaign}”.")
        checked = check_campaign(OPERATOR, found)
        audit.record(OPERATOR, "check_swaps", found, pairs=len(checked.check.pairs))
        rows = _rows(checked)
    check = checked.check
    if as_json:
        told = {"can_tell": check.can_tell, "people": check.people, "power": round(check.power, 2)}
        click.echo(json.dumps({**told, "pairs": rows}, ensure_ascii=False, indent=2))
        return
    if not check.can_tell:
        click.echo(
            "Not enough to tell: too little is known from before, or the questions are too few."
        )
        return
    for row in rows:
        reasons = ", ".join(row["reasons"])
        click.echo(f"{row['probability']:.2f}  {row['one']}  {row['other']}  {reasons}")
    click.echo(
        f"{len(rows)} pairs. Of ten swaps between neighbours about {round(check.power * 10)} "
        f"would be seen ({check.people} students compared)."
    )


def _rows(checked: Checked) -> list[dict[str, Any]]:
    names = [sitting.student.public_id if sitting.student else "" for sitting in checked.sittings]
    return [
        {
            "one": names[pair.one],
            "other": names[pair.other],
            "probability": round(pair.probability, 2),
            "reasons": [reason.value for reason in pair.reasons],
        }
        for pair in checked.check.pairs
    ]
