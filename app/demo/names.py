"""Invented names as they are found in Chinese classrooms, rare characters included."""

from dataclasses import dataclass, field
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
)
#: The first five bear about a third of the people.
SURNAME_WEIGHTS = [8] * 5 + [4] * 15 + [2] * 30 + [1] * (len(SURNAMES) - 50)
COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "夏侯", "皇甫", "慕容")

FIRST = "子梓思佳嘉一文晨可若沐奕书景安乐清云逸"
FEMALE_FIRST = FIRST + "雨欣诗语艺依心芷涵静"
MALE_FIRST = FIRST + "浩宇俊泽睿明锦天星晓"
FEMALE_LAST = "涵萱彤怡琪妍瑶婷菲诺悦洁雪颖琳晴溪宁桐月岚莹蕊希然"
MALE_LAST = "轩宇航睿泽豪杰铭阳辰毅博凯霖哲翔鹏峰瑞林恒昊川远然"
FEMALE_SINGLE = "婷静雪玥悦琳颖瑶怡晴嫣蕾"
MALE_SINGLE = "浩磊鑫涛杰宇晨睿帆凯博毅"
#: Characters that old fonts, input methods and encodings trip over; the last is outside GBK.
RARE = "龘犇翀颢玥喆昇堃祎彧翊頔甯燚垚赟䶮"
MINORITY_NAMES = {
    "female": ("阿依古丽·买买提", "迪丽娜尔·艾合买提", "古丽米热·阿卜杜拉"),
    "male": ("艾力江·吐尔逊", "买买提江·依明", "扎西次仁"),
}

PARENT_FEMALE = ("丽", "敏", "静", "秀英", "海燕", "红梅", "桂兰", "晓燕", "春霞", "爱华", "玉珍")
PARENT_MALE = ("伟", "强", "军", "建国", "志刚", "海涛", "建华", "国栋", "永强", "文斌", "立新")

COMPOUND_SHARE, RARE_SHARE, MINORITY_SHARE, SINGLE_SHARE = 0.015, 0.03, 0.005, 0.15


@dataclass
class Namer:
    """Gives names without repeating one too often, as a class list would."""

    random: Random
    used: set[str] = field(default_factory=set)

    def student(self, sex: str) -> str:
        """A name of somebody of school age, `sex` "female" or "male"."""
        name = self._student(sex)
        while name in self.used:
            name = self._student(sex)
        self.used.add(name)
        return name

    def parent(self, sex: str, of_student: str) -> str:
        """A mother's or father's name; a father mostly shares the surname."""
        if "·" in of_student:
            return self.random.choice(MINORITY_NAMES[sex])
        surname = self._surname() if sex == "female" else surname_of(of_student)
        return surname + self.random.choice(PARENT_FEMALE if sex == "female" else PARENT_MALE)

    def _student(self, sex: str) -> str:
        dice = self.random.random()
        if dice < MINORITY_SHARE:
            left = [name for name in MINORITY_NAMES[sex] if name not in self.used]
            if left:
                return self.random.choice(left)
        given = self._given(sex)
        if dice < MINORITY_SHARE + RARE_SHARE:
            given = given[:-1] + self.random.choice(RARE)
        return self._surname() + given

    def _surname(self) -> str:
        if self.random.random() < COMPOUND_SHARE:
            return self.random.choice(COMPOUND_SURNAMES)
        return self.random.choices(SURNAMES, SURNAME_WEIGHTS)[0]

    def _given(self, sex: str) -> str:
        female = sex == "female"
        if self.random.random() < SINGLE_SHARE:
            return self.random.choice(FEMALE_SINGLE if female else MALE_SINGLE)
        first, last = (FEMALE_FIRST, FEMALE_LAST) if female else (MALE_FIRST, MALE_LAST)
        return self.random.choice(first) + self.random.choice(last)


def surname_of(name: str) -> str:
    """The surname, two characters long for compound ones."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
