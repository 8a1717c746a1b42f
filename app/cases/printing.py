"""Profile summaries as documents, and documents as one PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True)
class Print:
    """For whom the summaries are written, by whom and when they are printed."""

    rendering: Rendering
    locale: str
    printed_by: str
    printed_at: datetime
    has_names: bool = True
    #: Set across every page; empty for none.
    watermark: str = ""


def summary_documents(profiles: Sequence[StudentProfile], how: Print) -> list[PrintDocument]:
    """One document a student; each rendering has its own template and sees only what it may."""
    with force_locale(how.locale):
        return [_document(one, how) for one in profiles]


def student_label(student: Student, *, has_names: bool) -> str:
    """The name, or where none may stand on paper the number in the class."""
    # Translators: stands for a student's name; the number is that of the class roll
    return (student.name or "") if has_names else _("no. %(n)s", n=student.position)


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


def _document(one: StudentProfile, how: Print) -> PrintDocument:
    pages, rendering = _pages(one, how.rendering), how.rendering
    label = student_label(one.student, has_names=how.has_names)
    body = render_template(
        f"cases/profiles/print/{rendering.value if rendering.holds_results else 'home'}.html",
        imprint=_imprint(one, how),
        pages=pages,
        student=one.student,
        label=label,
        facts=_facts(one, how, label),
        profile=one.profile if rendering.holds_results else None,
        campaign=one.assessment.campaign.title,
        sheet=_sheet(rendering),
        is_for_guardian=rendering is Rendering.GUARDIAN,
        locale=how.locale,
        helplines=helplines(),
        day=lambda moment: date_text(moment, how.locale),
    )
    return PrintDocument(
        title=label,
        body=Markup(body),  # noqa: S704 -- our own template
        pages=len(pages),
        section=one.student.cohort.name,
    )


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


def _imprint(one: StudentProfile, how: Print) -> Imprint:
    words = {} if how.rendering.holds_results else {"notice": _("Care, not results")}
    return Imprint(
        site=one.student.site.name,
        heading=heading_of(how.rendering),
        date=date_text(clock.local(how.printed_at).date(), how.locale),
        printed_by=how.printed_by,
        printed_at=moment_text(how.printed_at, how.locale),
        watermark=how.watermark,
        **words,
    )


def _facts(one: StudentProfile, how: Print, label: str) -> list[tuple[str, str]]:
    student, profile = one.student, one.profile
    pairs = [
        (_("Name"), label),
        (_("Class"), student.cohort.name),
        (_("Sex and age"), _sex_and_age(student)),
    ]
    if how.rendering is Rendering.COUNSELLOR and how.has_names:
        pairs.append((_("Student no."), student.student_no or ""))
    taken = f"{profile.campaign}\n{date_text(profile.taken_on, how.locale)}"
    mode = f"{profile.mode}\n{profile.language}"
    return [*pairs, (_("Screening"), taken), (_("Mode"), mode)]


def _sex_and_age(student: Student) -> str:
    words = [sex_name(student.sex)] if student.sex else []
    if student.birth_date:
        words.append(_("%(age)s years", age=age_on(student.birth_date, clock.today())))
    return " · ".join(words)
