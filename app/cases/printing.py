"""Profile summaries as documents, and documents as one PDF."""

from collections.abc import Sequence

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.assessments.content import helplines
from app.cases.domain.printing import Rendering
from app.cases.queries.profiles import StudentProfile
from app.cases.sheets import Block, counsellor_pages, referral_pages
from app.cases.words.profiles import heading_of, moment_text, sex_name
from app.people.domain import age_on
from app.people.models import Student
from app.platform import clock
from app.platform.pdf import Imprint, PrintDocument, render_pdf
from app.profiles.phrases import date_text
from app.profiles.wording import SheetPart, standard

SHEET = "cases/profiles/print/sheet.html"


def summary_documents(
    profiles: Sequence[StudentProfile], *, rendering: Rendering, locale: str, printed_by: str
) -> list[PrintDocument]:
    """One document a student; each rendering has its own template and sees only what it may."""
    with force_locale(locale):
        return [_document(one, rendering, locale, printed_by) for one in profiles]


def print_documents(
    documents: Sequence[PrintDocument], *, locale: str, password: str | None = None
) -> bytes:
    """The documents as one PDF with an entry for each in its outline."""
    with force_locale(locale):
        return render_pdf(
            documents,
            # Translators: title of a printed file; it names nobody
            title=_("Profile summaries"),
            language=locale,
            layout=SHEET,
            password=password,
        )


def _document(
    one: StudentProfile, rendering: Rendering, locale: str, printed_by: str
) -> PrintDocument:
    pages = _pages(one, rendering)
    body = render_template(
        f"cases/profiles/print/{rendering.value if rendering.holds_results else 'home'}.html",
        imprint=_imprint(one, rendering, locale, printed_by),
        pages=pages,
        student=one.student,
        facts=_facts(one, rendering, locale),
        profile=one.profile if rendering.holds_results else None,
        campaign=one.assessment.campaign.title,
        sheet=_sheet(rendering),
        is_for_guardian=rendering is Rendering.GUARDIAN,
        locale=locale,
        helplines=helplines(),
        day=lambda moment: date_text(moment, locale),
    )
    return PrintDocument(title=one.student.name or "", body=Markup(body), pages=len(pages))  # noqa: S704 -- our own template


def _pages(one: StudentProfile, rendering: Rendering) -> list[list[Block]]:
    if rendering is Rendering.COUNSELLOR:
        return counsellor_pages(one)
    if rendering is Rendering.REFERRAL:
        return referral_pages(one)
    return [[]]


def _sheet(rendering: Rendering) -> SheetPart | None:
    """What everybody reads; who gets results has pages of their own."""
    sheets = standard().sheets
    return {Rendering.STUDENT: sheets.student, Rendering.GUARDIAN: sheets.guardian}.get(rendering)


def _imprint(one: StudentProfile, rendering: Rendering, locale: str, printed_by: str) -> Imprint:
    words = {} if rendering.holds_results else {"notice": _("Care, not results")}
    return Imprint(
        site=one.student.site.name,
        heading=heading_of(rendering),
        date=date_text(clock.today(), locale),
        printed_by=printed_by,
        printed_at=moment_text(clock.now(), locale),
        **words,
    )


def _facts(one: StudentProfile, rendering: Rendering, locale: str) -> list[tuple[str, str]]:
    student, profile = one.student, one.profile
    pairs = [
        (_("Name"), student.name or ""),
        (_("Class"), student.cohort.name),
        (_("Sex and age"), _sex_and_age(student)),
    ]
    if rendering is Rendering.COUNSELLOR:
        pairs.append((_("Student no."), student.student_no or ""))
    taken = f"{profile.campaign}\n{date_text(profile.taken_on, locale)}"
    how = f"{profile.mode}\n{profile.language}"
    return [*pairs, (_("Screening"), taken), (_("Mode"), how)]


def _sex_and_age(student: Student) -> str:
    words = [sex_name(student.sex)] if student.sex else []
    if student.birth_date:
        words.append(_("%(age)s years", age=age_on(student.birth_date, clock.today())))
    return " · ".join(words)
