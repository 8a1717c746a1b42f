"""The invented district on paper: its schools, classes and staff."""

from dataclasses import dataclass
from datetime import date, time

from app.access.permissions import Role

NAME = "望川县"
PASSWORD = "xinqiao-demo"  # noqa: S105 (printed for everybody; the accounts open on loopback only)
HOSPITAL = f"{NAME}人民医院 精神心理科"
HOSPITAL_PHONE = "0000-555 0120"
GUARDIAN_RULE = (
    "由心理组长当天电话告知家长，班主任在场；学生害怕家长时，先与校长商量，改由其他亲属或社区联系。"
)
STUDENTS_PER_CLASS = 40
SCHOOL_YEAR_STARTS_IN = 9


@dataclass(frozen=True)
class ClassPlan:
    """A class; `grade` counts from the first year of primary school."""

    name: str
    grade: int


@dataclass(frozen=True)
class SchoolPlan:
    """A school and its classes; `number` tells its student numbers from other schools'."""

    code: str
    number: int
    name: str
    duty_phone: str
    counselling_room: str
    opens_at: time
    closes_at: time
    classes: tuple[ClassPlan, ...]
    consent_age: int = 14


@dataclass(frozen=True)
class Post:
    """A role at a school, or everywhere; `cohort` is the place of a class in its school."""

    role: Role
    school: str | None = None
    cohort: int | None = None


@dataclass(frozen=True)
class Account:
    """A member of staff with a fixed log-in."""

    login: str
    name: str
    posts: tuple[Post, ...]


def schools(today: date) -> tuple[SchoolPlan, ...]:
    """Three schools with thirty classes, named as they are in the school year of `today`."""
    year = school_year(today)
    return (
        SchoolPlan(
            code="junior",
            number=1,
            name=f"{NAME}第一初级中学",
            duty_phone="0000-555 0101",
            counselling_room="教学楼二楼 心理辅导室",
            opens_at=time(7, 40),
            closes_at=time(17, 30),
            classes=_numbered(("初一", 7), ("初二", 8), ("初三", 9), of_each=4),
            consent_age=14,
        ),
        SchoolPlan(
            code="senior",
            number=2,
            name=f"{NAME}高级中学",
            duty_phone="0000-555 0102",
            counselling_room="图书馆一楼 心语小屋",
            opens_at=time(7, 20),
            closes_at=time(21, 40),
            classes=_numbered(("高一", 10), ("高二", 11), ("高三", 12), of_each=4)[:-2],
        ),
        SchoolPlan(
            code="vocational",
            number=3,
            name=f"{NAME}职业技术学校",
            duty_phone="0000-555 0103",
            counselling_room="学生活动中心 208",
            opens_at=time(8, 0),
            closes_at=time(17, 0),
            classes=_trades(year),
            consent_age=18,
        ),
    )


def school_year(day: date) -> int:
    """The calendar year in which the school year of `day` began."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS_IN else day.year - 1


ACCOUNTS = (
    Account("admin", "周管理", (Post(Role.ADMINISTRATOR),)),
    Account(
        "lead",
        "沈若水",
        tuple(Post(Role.CRISIS_LEAD, school) for school in ("junior", "senior", "vocational")),
    ),
    Account("counsellor1", "林知夏", (Post(Role.COUNSELLOR, "junior"),)),
    Account("counsellor2", "陆明远", (Post(Role.COUNSELLOR, "senior"),)),
    Account("counsellor3", "方晓棠", (Post(Role.COUNSELLOR, "vocational"),)),
    Account(
        "counsellor4",
        "欧阳清和",
        tuple(Post(Role.COUNSELLOR, school) for school in ("junior", "senior", "vocational")),
    ),
    Account("staff1", "曹素芬", (Post(Role.SITE_STAFF, "junior"), Post(Role.PROCTOR, "junior"))),
    Account(
        "staff2", "郑立新", (Post(Role.SITE_STAFF, "senior"), Post(Role.SITE_STAFF, "vocational"))
    ),
    Account("teacher1", "王海燕", (Post(Role.CLASS_TEACHER, "junior", 0),)),
    Account("teacher2", "李建国", (Post(Role.CLASS_TEACHER, "junior", 5),)),
    Account("teacher3", "赵春霞", (Post(Role.CLASS_TEACHER, "senior", 0),)),
    Account("teacher4", "孙永强", (Post(Role.CLASS_TEACHER, "senior", 6),)),
    Account("teacher5", "吴桂兰", (Post(Role.CLASS_TEACHER, "vocational", 0),)),
    Account("teacher6", "徐文斌", (Post(Role.CLASS_TEACHER, "vocational", 4),)),
    Account("observer1", "江小满", (Post(Role.STUDENT_OBSERVER, "junior", 1),)),
    Account(
        "proctor",
        "何志刚",
        tuple(Post(Role.PROCTOR, s) for s in ("junior", "senior", "vocational")),
    ),
    Account("head", "梁正国", (Post(Role.SCHOOL_HEAD, "junior"),)),
    Account("author", "许静安", (Post(Role.AUTHOR),)),
    Account("reviewer", "顾言", (Post(Role.REVIEWER),)),
    Account("auditor", "罗守正", (Post(Role.AUDITOR),)),
)

#: Who answers in school hours; nights and weekends go round among all counsellors.
DAY_DUTY = {"junior": "counsellor1", "senior": "counsellor2", "vocational": "counsellor3"}
RELIEF = "counsellor4"
LEAD = "lead"


def _numbered(*grades: tuple[str, int], of_each: int) -> tuple[ClassPlan, ...]:
    return tuple(
        ClassPlan(f"{word}（{n}）班", grade)
        for word, grade in grades
        for n in range(1, of_each + 1)
    )


def _trades(year: int) -> tuple[ClassPlan, ...]:
    trades = ("幼儿保育", "计算机应用", "汽车运用与维修")
    plans = [
        ClassPlan(f"{trade}{(year - (grade - 10)) % 100:02}01班", grade)
        for grade in (10, 11, 12)
        for trade in trades
    ]
    return tuple(plans[:-1])
