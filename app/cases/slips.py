"""A referral on one sheet of paper: the priority slip for a hospital, and slips for the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.campaigns.slips import qr_code
from app.cases import words
from app.cases.domain.referrals import FIELDS, LINK_LIFE, LegalBasis, Partner, lines_on_paper
from app.cases.models import Referral
from app.cases.queries.guardians import guardian_is_feared
from app.cases.queries.profiles import StudentProfile
from app.cases.words import referrals as referral_words
from app.cases.words.profiles import moment_text, sex_name
from app.people.domain import age_on
from app.platform import clock
from app.platform.pdf import Imprint, PrintDocument, render_pdf
from app.profiles.phrases import date_text

LAYOUT = "cases/referrals/print/sheet.html"
#: The newest contacts; more do not help a doctor and would need a second page.
MOST_CONTACTS = 3
#: A reason of more lines than this is set smaller.
ROOMY_LINES = 7
#: So many scores fit under a reason of full length.
MOST_SCORES = 3


@dataclass(frozen=True, repr=False)
class SlipContent:
    """What a person chose to put on the slip, and who prints it."""

    printed_by: str
    locale: str
    token: str = ""
    profile: StudentProfile | None = None
    with_guardians: bool = False


def print_slip(referral: Referral, content: SlipContent) -> bytes:
    """The slip as a PDF of one page."""
    with force_locale(content.locale):
        body = render_template(
            "cases/referrals/print/slip.html",
            imprint=_imprint(referral, content),
            referral=referral,
            to=_to(referral, content.locale),
            person=_person(referral, content),
            done=_done(referral, content.locale),
            basis=_basis(referral, content.locale),
            calls=_calls(referral),
            scores=_scores(content.profile),
            link=reply_address(content.token) if content.token else "",
            qr=qr_code(reply_address(content.token)) if content.token else "",
            expires=date_text((clock.local(clock.now()) + LINK_LIFE).date(), content.locale),
            is_long=lines_on_paper(referral.reason or "") > ROOMY_LINES,
            is_danger=referral.legal_basis is LegalBasis.DANGER,
            signed=_signed(referral, content.locale),
        )
        document = PrintDocument(
            title=referral.slip_no or "",
            body=Markup(body),  # noqa: S704 -- our own template
            pages=1,
        )
        # Translators: title of a printed file; it names nobody
        title = _("Referral slip")
        return render_pdf([document], title=title, language=content.locale, layout=LAYOUT)


def reply_address(token: str) -> str:
    """Where the doctor answers."""
    return f"{current_app.config['SETTINGS'].base_url}/r/{token}"


def _imprint(referral: Referral, content: SlipContent) -> Imprint:
    heads: dict[Partner, str] = {
        # Translators: head of a printed referral slip
        Partner.HOSPITAL: _("Priority slip for the green channel, confidential"),
    }
    heading = heads.get(referral.partner) or _(
        "Referral slip: %(partner)s, confidential", partner=words.partner_word(referral.partner)
    )
    return Imprint(
        site=referral.case.student.site.name,
        heading=heading,
        date=date_text(clock.today(), content.locale),
        printed_by=content.printed_by,
        printed_at=moment_text(clock.now(), content.locale),
    )


def _to(referral: Referral, locale: str) -> list[tuple[str, str]]:
    """Where it goes: the fields of this kind of partner that were filled in."""
    named: dict[str, tuple[str, str]] = {
        "department": (_("Department"), referral.department or ""),
        "contact": (_("Whom to ask for"), referral.contact or ""),
        "phone": (_("Their phone"), referral.phone or ""),
        "address": (_("Address"), referral.address or ""),
        "reference": (_("Number of the call"), referral.reference or ""),
        "wanted_by": (
            _("To be seen by"),
            date_text(referral.wanted_by, locale) if referral.wanted_by else "",
        ),
        "called_at": (
            _("Time of the call"),
            moment_text(referral.called_at, locale) if referral.called_at else "",
        ),
        "need": (
            _("What is asked for"),
            referral_words.need_word(referral.need) if referral.need else "",
        ),
    }
    place = (referral_words.place_label(referral.partner), referral.place or "")
    pairs = [place, *(named[name] for name in FIELDS[referral.partner])]
    return [(word, value) for word, value in pairs if value]


def _person(referral: Referral, content: SlipContent) -> list[tuple[str, str]]:
    student = referral.case.student
    about = [sex_name(student.sex)] if student.sex else []
    if student.birth_date:
        about.append(_("%(age)s years", age=age_on(student.birth_date, clock.today())))
    pairs = [
        (_("Name"), student.name or ""),
        (_("Class"), student.cohort.name),
        (_("Sex and age"), " · ".join(about)),
        (_("Born"), date_text(student.birth_date, content.locale) if student.birth_date else ""),
    ]
    # Whatever was asked for: the number of a feared guardian is on no paper.
    if content.with_guardians and not guardian_is_feared(referral.case):
        pairs.extend(
            (each.relation or _("Guardian"), f"{each.name or ''} {each.phone or ''}".strip())
            for each in student.guardians[:2]
        )
    return [(word, value) for word, value in pairs if value]


def _done(referral: Referral, locale: str) -> list[tuple[str, str]]:
    """What was done so far, with times and without notes."""
    case = referral.case
    lines = [(case.opened_at, _("A counsellor took the student on"))]
    for contact in case.contacts[-MOST_CONTACTS:]:
        how = words.modality_word(contact.modality)
        reached = (
            _("Talk %(how)s", how=how) if contact.reached else _("Not reached %(how)s", how=how)
        )
        lines.append((contact.held_at, reached))
    lines.append((referral.made_at, _("Referral written")))
    return [(moment_text(moment, locale), what) for moment, what in sorted(lines)]


def _basis(referral: Referral, locale: str) -> str:
    """The sentence that says what allows telling the partner."""
    if referral.legal_basis is LegalBasis.DANGER:
        danger: str = _(
            "Danger to life: shared without waiting for consent, as article 28 of the "
            "Mental Health Law provides. One person acted at once; a second person of the "
            "school signs within 24 hours."
        )
        return danger
    if referral.basis_on is None or referral.basis_means is None:
        return words.basis_word(referral.legal_basis)
    told = {
        "name": referral.basis_by or "",
        "day": date_text(referral.basis_on, locale),
        "means": referral_words.means_word(referral.basis_means),
    }
    text: str = _("The guardian (%(name)s) agreed on %(day)s (%(means)s).", **told)
    if referral.legal_basis is LegalBasis.ADULT_CONSENT:
        text = _("The student, who is of age, agreed on %(day)s (%(means)s).", **told)
    return text


def _signed(referral: Referral, locale: str) -> str:
    if referral.signed_at is None or referral.signed_by is None:
        return ""
    return f"{referral.signed_by.name} {moment_text(referral.signed_at, locale)}"


def _calls(referral: Referral) -> list[tuple[str, str]]:
    site = referral.case.student.site
    return [
        (_("School, on duty"), site.duty_phone or "–"),
        (_("Counsellor"), referral.user.name or ""),
        (_("Counselling room"), site.counselling_room or "–"),
    ]


def _scores(profile: StudentProfile | None) -> Sequence[str]:
    if profile is None:
        return ()
    return [
        f"{scale.label} {scale.latest.text} · {scale.latest.band} · "
        f"{date_text(scale.latest.taken_on, profile.profile.locale)}"
        for scale in profile.profile.scales[:MOST_SCORES]
    ]
