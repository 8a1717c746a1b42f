"""Notes, notices and letters as documents: fixed words around what a person chose."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.assessments.content import Helpline, helplines
from app.cases import words
from app.cases.domain.letters import Ask, CarePhrase, Topic
from app.cases.models import CareNotice, Contact, GuardianLetter, InterviewRecord
from app.cases.sheets import Block, Flow
from app.cases.words.letters import ask_phrase, care_phrase, topic_phrase
from app.cases.words.profiles import moment_text
from app.people.models import Student
from app.platform import clock
from app.platform.pdf import Column, Imprint, PrintDocument, render_pdf, text_height
from app.platform.pdf.pagination import LINE_HEIGHT, PAGE_ROOM, PAGE_WIDTH
from app.profiles.phrases import date_text

SHEET = "cases/letters/print/sheet.html"
FACTS_HEIGHT = 24.0
LETTERHEAD_WIDTH = 130.0
SIGNATURE_HEIGHT = 26.0
#: Up to this estimated height of its chosen words a letter is set in the larger type.
ROOMY_HEIGHT = 68.0


@dataclass(frozen=True)
class LetterWords:
    """Everything that a letter to a guardian says, on the screen and on paper."""

    student: Student
    topics: list[str]
    asks: list[str]
    lines: list[Helpline]
    from_name: str
    day: str

    @property
    def is_long(self) -> bool:
        """Whether the sheet needs smaller type: letter and receipt share one page."""
        school = self.student.site.name
        texts = [*self.topics, *self.asks, school, school, self.student.name or ""]
        return sum(text_height(text) for text in texts) > ROOMY_HEIGHT


def note_document(record: InterviewRecord, *, locale: str, printed_by: str) -> PrintDocument:
    """The signed note: for the counsellor's own file."""
    with force_locale(locale):
        pages = _note_pages(record)
        return _document(
            "note",
            record.case.student,
            _imprint(
                record.case.student,
                # Translators: head of a printed page
                heading=_("Record of a talk, confidential"),
                notice=_("For the counsellor's file only"),
                locale=locale,
                printed_by=printed_by,
            ),
            pages=pages,
            facts=_note_facts(record, locale),
            record=record,
        )


def notice_document(notice: CareNotice, *, locale: str, printed_by: str) -> PrintDocument:
    """The care notice for a teacher who reads on paper."""
    with force_locale(locale):
        return _document(
            "notice",
            notice.student,
            _imprint(
                notice.student,
                # Translators: head of a printed page
                heading=_("A care notice"),
                notice=_("For you alone; please do not pass it on"),
                locale=locale,
                printed_by=printed_by,
            ),
            notice=notice,
            asked=[care_phrase(CarePhrase(phrase)) for phrase in notice.phrases],
            until=date_text(clock.local(notice.expires_at).date(), locale),
        )


def letter_document(letter: GuardianLetter, *, locale: str, printed_by: str) -> PrintDocument:
    """The letter to the guardian; its lower part is the receipt that comes back."""
    with force_locale(locale):
        student = letter.case.student
        return _document(
            "guardian",
            student,
            _imprint(
                student,
                heading=_("A letter to the guardian"),
                notice=_("Care, not results"),
                locale=locale,
                printed_by=printed_by,
            ),
            words=letter_words(letter, locale),
        )


def letter_words(letter: GuardianLetter, locale: str) -> LetterWords:
    """The letter's words in the language of the page that shows them."""
    return LetterWords(
        student=letter.case.student,
        topics=[topic_phrase(Topic(topic)) for topic in letter.topics],
        asks=[_ask(ask, letter, locale) for ask in letter.asks],
        lines=list(helplines()),
        from_name=letter.user.name or "",
        day=date_text(clock.local(letter.written_at).date(), locale),
    )


def print_paper(document: PrintDocument, *, locale: str) -> bytes:
    """The document as a PDF whose title names nobody."""
    with force_locale(locale):
        # Translators: title of a printed file; it names nobody
        return render_pdf([document], title=_("Document"), language=locale, layout=SHEET)


def _ask(ask: str, letter: GuardianLetter, locale: str) -> str:
    phrase = ask_phrase(Ask(ask))
    if ask != Ask.COME_AND_TALK or letter.meet_at is None:
        return phrase
    # Translators: an appointment behind the request to come and talk
    meet: str = _("We expect you on %(time)s.", time=moment_text(letter.meet_at, locale))
    return f"{phrase}{'' if locale == 'zh_Hans' else ' '}{meet}"


def _document(
    kind: str, student: Student, imprint: Imprint, *, pages: object = None, **content: object
) -> PrintDocument:
    sheets = pages if isinstance(pages, list) else [[]]
    body = render_template(
        f"cases/letters/print/{kind}.html",
        imprint=imprint,
        student=student,
        site=student.site,
        pages=sheets,
        **content,
    )
    return PrintDocument(title=student.name or "", body=Markup(body), pages=len(sheets))  # noqa: S704 -- our own template


def _imprint(
    student: Student, *, heading: str, notice: str, locale: str, printed_by: str
) -> Imprint:
    return Imprint(
        site=student.site.name,
        heading=heading,
        date=date_text(clock.today(), locale),
        printed_by=printed_by,
        printed_at=moment_text(clock.now(), locale),
        notice=notice,
    )


def _note_facts(record: InterviewRecord, locale: str) -> list[tuple[str, str]]:
    contact: Contact = record.contact
    return [
        (_("Name"), record.case.student.name or ""),
        (_("Class"), record.case.student.cohort.name),
        (_("Held on"), moment_text(contact.held_at, locale)),
        (_("How"), words.modality_word(contact.modality)),
    ]


def _note_pages(record: InterviewRecord) -> list[list[Block]]:
    """The note as signed; what is longer than a page flows to the next."""
    # A long school name takes further lines of every page's head.
    head = text_height(record.case.student.site.name, width=LETTERHEAD_WIDTH) - LINE_HEIGHT
    flow = Flow(PAGE_ROOM - head)
    names = [record.case.student.name or "", record.case.student.cohort.name]
    flow.add("facts", None, FACTS_HEIGHT + sum(text_height(n, width=PAGE_WIDTH / 4) for n in names))
    flow.add_table(_("Note"), (Column("", PAGE_WIDTH),), [[record.note or ""]])
    flow.add("signature", None, SIGNATURE_HEIGHT)
    return flow.pages
