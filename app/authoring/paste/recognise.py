"""Reads the rows of a scale one after the other; every row is understood or named as not."""

import re
from collections.abc import Iterable
from itertools import islice

from app.authoring.paste.answers import (
    FEWEST,
    is_lettered,
    one_answer,
    row_of_answers,
    starts_run,
)
from app.authoring.paste.columns import Heading, heading_of, is_factor_heading, values_below
from app.authoring.paste.findings import Findings, FoundQuestion
from app.authoring.paste.marks import (
    Answer,
    explains_mark,
    has_words,
    is_cjk,
    is_marker,
    item_number,
    marked_numbers,
    number_list,
    numbered,
    reverse_list,
    says_reversed,
    unmarked,
    whole_number,
)
from app.authoring.paste.rows import MOST_ROWS, Row
from app.authoring.paste.settling import settle

MOST_QUESTIONS = 300
LONGEST_TITLE = 48
LONGEST_FACTOR = 30
#: No question with all its answers is longer. Some patterns try a row from each of its letters, so
#: a longer one is not looked at: it opens the scale (what is said to whoever answers), or is named.
LONGEST_ROW = 500
_FACTOR_LINE = re.compile(
    r"(?:[（(]?\d{1,2}[)）.．、]\s*|[①-⑳]\s*|F\d+\s*)?([^\d:：=]{2,30}?)\s*(?:包括|包含|由)?\s*第?"
    r"\s*[:：=(（]?\s*(?:包括|包含|由)?\s*第?([\d①-⒛].*)",
    re.IGNORECASE,
)
_SCORES = re.compile(
    r"(\d{1,5}(?:\.\d{1,5})?)\s*分?\s*[-~～—–至到]\s*(\d{1,5}(?:\.\d{1,5})?)\s*分?\s*[:：,，=为是]*\s*"
    r"([^\d\s,，;；。、:：][^\d,，;；。]{0,24})"
)
_ABOUT_SCORES = re.compile(
    r"分界|界值|划界|临界|cut-?off|总分|均分|标准分|粗分|评分标准|结果解释|得分|分为|≥|≤|\d\s*分",
    re.IGNORECASE,
)
_HEADS_FACTORS = re.compile(r"因子|维度|分量表|内容量表|factor|subscale|dimension", re.IGNORECASE)


def recognise(rows: Iterable[Row]) -> Findings:
    """Return what the first `MOST_ROWS` rows say of the scale, and what was not read."""
    listed = list(islice(rows, MOST_ROWS + 1))
    reader = _Reader(listed[:MOST_ROWS])
    reader.read()
    reader.found.cut = [row for row in listed[:MOST_ROWS] if row.is_cut]
    reader.found.has_unread_rows = len(listed) > MOST_ROWS
    return reader.found


class _Reader:
    """Holds what has been read so far: the heading that is in force, the last question."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = [row for row in rows if row.filled]
        self.found = Findings()
        self.heading: Heading | None = None
        self.is_among_factors = False
        self.last: FoundQuestion | None = None
        self.run: list[Answer] = []
        self.row_values: dict[int, tuple[int, ...]] = {}

    def read(self) -> None:
        for place, row in enumerate(self.rows):
            following = [
                one for one in self.rows[place + 1 : place + 3] if one.letters <= LONGEST_ROW
            ]
            if not self._understands(row, following):
                self._leave(row)
        self._close_run()
        settle(self.found, self.heading, self.row_values)

    def _understands(self, row: Row, following: list[Row]) -> bool:
        if row.letters > LONGEST_ROW:
            return self._opens(row)
        return (
            self._is_reverse_list(row)
            or self._is_heading(row, following)
            or self._is_factor(row)
            or self._is_row_of_answers(row)
            or self._is_below_question(row)
            or self._explains_mark(row)
            or self._are_questions(row)
            or self._is_about_scores(row)
            or self._opens(row)
        )

    def _leave(self, row: Row) -> None:
        self.found.not_understood.append(row)

    # -- headings

    def _is_heading(self, row: Row, following: list[Row]) -> bool:
        if is_factor_heading(row) and any(self._factor_of(one, fewest=1) for one in following):
            self.is_among_factors = True
            return True
        if self.heading and (values := values_below(self.heading, row)):
            self.heading.answers = {
                column: Answer(values[column], answer.label)
                for column, answer in self.heading.answers.items()
            }
            return True
        heading = heading_of(row)
        if heading is None or not self._leads_to_questions(heading, following):
            return False
        self._close_run()
        self.heading, self.is_among_factors = heading, False
        return True

    def _leads_to_questions(self, heading: Heading, following: list[Row]) -> bool:
        """A heading stands over questions; a row of values may stand between."""
        below = following[1:] if following and values_below(heading, following[0]) else following
        return bool(below) and bool(self._questions_in(below[0], heading))

    # -- notes beside the questions

    def _is_reverse_list(self, row: Row) -> bool:
        texts = [cell for _, cell in row.filled]
        numbers = reverse_list(" ".join(texts))
        if numbers is None or self._questions_in(row, self.heading):
            return False
        self.found.reverse.update(numbers)
        return True

    def _explains_mark(self, row: Row) -> bool:
        """“Questions with * are reversed”: the mark was seen where it stands."""
        return len(row.filled) == 1 and explains_mark(row.filled[0][1])

    def _is_factor(self, row: Row) -> bool:
        found = self._factor_of(row, fewest=1 if self.is_among_factors else 2)
        if found is None:
            first = row.filled[0][1]
            is_short = len(first) <= LONGEST_FACTOR and not re.search(r"\d", first)
            if len(row.filled) > 1 or not self.found.questions or not is_short:
                return False
            is_heading = bool(_HEADS_FACTORS.search(first))
            self.is_among_factors |= is_heading
            return is_heading
        name, numbers, reverse = found
        self.found.factors[name] = numbers
        self.found.reverse.update(reverse)
        return True

    def _factor_of(
        self, row: Row, *, fewest: int
    ) -> tuple[str, tuple[int, ...], tuple[int, ...]] | None:
        """A name with the numbers of its questions: in two cells, or in one line."""
        cells = [cell for _, cell in row.filled]
        if len(cells) == 1:
            found = _FACTOR_LINE.fullmatch(cells[0].strip(" 。.;；"))
            if not found or not has_words(found[1]) or self._is_to_circle(cells[0]):
                return None
            cells = [found[1], found[2].strip("()（） ")]
        names = [cell for cell in cells[:2] if has_words(cell) and not number_list(cell, fewest=1)]
        lists = [cell for cell in cells[1:] if number_list(cell, fewest=fewest)]
        if not names or not lists or len(names[0]) > LONGEST_FACTOR:
            return None
        if fewest > 1 and item_and_text(cells):
            return None
        if not self.is_among_factors and sum(whole_number(cell) is not None for cell in cells) > 1:
            return None
        longest = max(lists, key=lambda cell: len(number_list(cell, fewest=fewest) or ()))
        numbers = number_list(longest, fewest=fewest) or ()
        return names[0].strip(" :：（("), numbers, marked_numbers(longest)

    def _is_to_circle(self, text: str) -> bool:
        """Tell whether a line is a question that ends with the values to circle."""
        both = numbered(text)
        return both is not None and self._is_new(both[0]) and bool(_without_values(both[1])[1])

    def _is_row_of_answers(self, row: Row) -> bool:
        """Answers in one cell or line: those of the whole scale, or of the question above."""
        if len(row.filled) != 1:
            return False
        text = row.filled[0][1]
        answers = row_of_answers(text)
        if answers is None or len(_SCORES.findall(text)) >= FEWEST:
            return False
        if self.last is not None and not self.last.answers and not self.run:
            self.last.answers = answers
        elif not self.found.answers:
            self.found.answers = answers
        return True

    def _is_about_scores(self, row: Row) -> bool:
        text = " ".join(cell for _, cell in row.filled)
        if not self.found.questions or not _ABOUT_SCORES.search(text):
            return False
        self.found.bands += [
            (float(found[1]), float(found[2]), found[3].strip()) for found in _SCORES.finditer(text)
        ]
        self.found.about_scores.append(row)
        return True

    def _opens(self, row: Row) -> bool:
        """Before the questions: the title, then what is said to whoever answers."""
        if self.found.questions or len(row.filled) != 1:
            return False
        text = row.filled[0][1]
        if not self.found.title and len(text) <= LONGEST_TITLE:
            self.found.title = re.sub(r"\s*\(?（?指导语.*", "", text)
        else:
            said = re.sub(r"^(?:指导语|说明|instructions?)\s*[:：]\s*", "", text, flags=re.I)
            self.found.instructions = f"{self.found.instructions} {said}".strip()
        return True

    # -- questions

    def _are_questions(self, row: Row) -> bool:
        questions = self._questions_in(row, self.heading)
        if not questions:
            return False
        self._close_run()
        for question, values in questions:
            self.found.questions[question.number] = question
            if values:
                self.row_values[question.number] = values
            self.last = question
        self.is_among_factors = False
        return True

    def _questions_in(
        self, row: Row, heading: Heading | None
    ) -> list[tuple[FoundQuestion, tuple[int, ...]]]:
        """The questions of a row: a number and words in one cell or two, once or side by side."""
        starts = self._starts(row, heading)
        cells = dict(row.filled)
        found = []
        for place, (number, column, text) in enumerate(starts):
            end = starts[place + 1][1] - 1 if place + 1 < len(starts) else 10**6
            beside = {c: cell for c, cell in cells.items() if column < c < end}
            found.append(self._question(number, text, beside, heading))
        return found

    def _starts(self, row: Row, heading: Heading | None) -> list[tuple[int, int, str]]:
        """Number, column and words of each question in the row."""
        cells, found = row.filled, []
        answer_columns = set(heading.answers) if heading and len(cells) > 1 else set()
        for place, (column, cell) in enumerate(cells):
            if column in answer_columns:
                continue
            following = cells[place + 1] if place + 1 < len(cells) else None
            number = item_number(cell)
            if number and following and _is_question_text(following[1]):
                if self._is_new(number):
                    found.append((number, following[0], following[1]))
            elif (both := numbered(cell)) and self._is_new(both[0]) and not is_lettered(cell):
                found.append((both[0], column, both[1]))
        if not found and heading and heading.text is not None:
            text = dict(cells).get(heading.text, "")
            if _is_question_text(text) and cells[0][0] == heading.text:
                found.append((len(self.found.questions) + 1, heading.text, text))
        return found

    def _is_new(self, number: int) -> bool:
        return 0 < number <= MOST_QUESTIONS and number not in self.found.questions

    def _question(
        self, number: int, text: str, beside: dict[int, str], heading: Heading | None
    ) -> tuple[FoundQuestion, tuple[int, ...]]:
        question = FoundQuestion(number)
        text, values = _without_values(text)
        bare, question.is_reversed = unmarked(text)
        _put(question, bare)
        answers: list[Answer] = []
        for column, cell in beside.items():
            if heading and column == heading.reverse:
                question.is_reversed |= says_reversed(cell)
            elif heading and column == heading.factor:
                question.factor = cell
            elif heading and column == heading.english:
                question.english = cell
            elif is_marker(cell):
                question.is_reversed = True
            elif heading and column in heading.aside:
                continue
            elif (value := whole_number(cell)) is not None:
                values.append(value)
            elif listed := row_of_answers(cell):
                question.answers = listed
            elif has_words(cell):
                if _is_translation(question, cell, heading, column):
                    _put(question, cell)
                    continue
                under = heading.answers.get(column) if heading else None
                has_value = under is not None and under.value is not None
                answers.append(
                    Answer(under.value, cell) if under and has_value else one_answer(cell)
                )
        if len(answers) >= FEWEST:
            question.answers = tuple(answers)
        return question, tuple(values)

    # -- answers below a question, one a line

    def _is_below_question(self, row: Row) -> bool:
        if self.last is None or len(row.filled) != 1 or self.last.answers:
            return False
        text = row.filled[0][1]
        answer = one_answer(text)
        if answer.value is None or not has_words(answer.label):
            return False
        expected = self.run[-1].value + 1 if self.run and self.run[-1].value is not None else None
        is_first = not self.run and starts_run(answer) and not self._is_new_question(text)
        if not is_first and (expected is None or answer.value != expected or self._is_full(text)):
            return False
        self.run.append(answer)
        return True

    def _is_new_question(self, text: str) -> bool:
        both = numbered(text)
        return both is not None and not is_lettered(text) and self._is_new(both[0])

    def _is_full(self, text: str) -> bool:
        """Tell whether the answers are complete: as many as the first question has."""
        first = next((q for q in self.found.in_order if q.answers), None)
        return (
            first is not None
            and len(self.run) >= len(first.answers)
            and self._is_new_question(text)
        )

    def _close_run(self) -> None:
        if self.last is not None and len(self.run) >= FEWEST:
            self.last.answers = tuple(self.run)
        self.run = []


def item_and_text(cells: list[str]) -> bool:
    """Tell whether a row begins with the number of a question and its words."""
    return len(cells) > 1 and item_number(cells[0]) is not None and has_words(cells[1])


def _is_question_text(text: str) -> bool:
    return has_words(text) and len(text.strip()) > 1 and not number_list(text)


def _without_values(text: str) -> tuple[str, list[int]]:
    """The words of a line that ends with the values to circle: “… 0 1 2 3”."""
    found = re.fullmatch(r"(.*?\D)\s*((?:\s+\d){2,})\s*", text, re.DOTALL)
    if not found:
        return " ".join(text.split()), []
    return " ".join(found[1].split()), [int(value) for value in found[2].split()]


def _put(question: FoundQuestion, text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    for line in lines if len(lines) > 1 else [text]:
        if is_cjk(line):
            question.chinese = f"{question.chinese} {line}".strip()
        else:
            question.english = f"{question.english} {line}".strip()


def _is_translation(
    question: FoundQuestion, cell: str, heading: Heading | None, column: int
) -> bool:
    """The words in the other language stand beside the question, before any answers."""
    if heading and column in heading.answers:
        return False
    if is_cjk(cell):
        return not question.chinese
    return not question.english and bool(question.chinese) and len(cell.split()) > 2  # noqa: PLR2004 -- a sentence
