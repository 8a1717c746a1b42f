"""What students read before they begin, as a new campaign proposes it.

Plain enough for a thirteen-year-old, and true: who reads the answers, when confidentiality ends,
and that saying no is fine.
"""

NOTICE_ZH = """\
这份问卷想了解你最近的心情和状态，好让学校知道可以怎样帮上忙。它不是考试，答案没有对错，\
也不计入成绩。

谁会看到：只有负责的心理老师会看到你的回答和结果。班主任、任课老师和同学都看不到，\
也不会在班里公布。

什么时候会告诉别人：你的回答，我们会替你保密。只有一种情况例外：\
如果我们担心你或别人正有危险，心理老师会尽快来找你，并且只把必须说的告诉能帮上忙的大人，\
比如你的家长或医生。只要来得及，都会先跟你说。

如果你在家里填：请找一个只有你自己的时候再开始。家长同意你参加，不等于会看到你的回答；\
家长想了解情况，要先和心理老师面谈，我们也会先听你的想法。

你可以自己决定：可以不参加，可以跳过不想答的题，也可以随时停下来。怎么选都不影响成绩，\
也不影响老师对你的看法。

如果你现在就很难受，不用等问卷：请直接告诉身边信得过的大人，\
或者拨打心理援助热线 12356。\
"""

NOTICE_EN = """\
These questions ask how you have been feeling lately, so that your school knows how it can help. \
This is not a test. There are no right or wrong answers, and it does not count towards your \
marks.

Who will see it: only the counsellors in charge see your answers and results. Your class \
teacher, your other teachers and your classmates cannot, and nothing is read out in class.

When somebody else is told: we keep what you answer to ourselves, with one exception. If we \
worry that you or somebody else is in danger, a counsellor will come to you soon and tell only \
what is needed to the adults who can help, such as your parents or a doctor. Whenever there is \
time, you will hear it first.

If you answer at home: please choose a moment when you are alone. Your parents agreeing that you \
take part does not mean that they see your answers. If they would like to know more, they first \
talk with the counsellor, and we listen to you before that.

It is up to you: you may say no, leave out a question, or stop at any time. Whatever you choose, \
it does not change your marks or what your teachers think of you.

If you feel very bad right now, you need not wait for the questions: please tell an adult you \
trust, or call 12356.\
"""

ASSENT_ZH = "上面的话我读过了。我愿意参加，也知道可以跳过题目、随时停下来。"

ASSENT_EN = (
    "I have read this. I would like to take part, and I know that I may leave out questions "
    "and stop at any time."
)
