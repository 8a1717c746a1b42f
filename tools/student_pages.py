"""Pictures of every state of a student's pages, of a school that is built for them and thrown away.

python -m tools.student_pages
    the sheets of the README, in docs/images
python -m tools.student_pages --look FOLDER [--en] [--dark] [--size 320x568] [--letters 225%]
    every page as long as it is, in FOLDER, to be looked at
"""

import argparse
import base64
import io
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools.student_school import Doors, serving
from tools.student_walks import PHONE_WALKS, Camera, Look, in_the_room

Walk = Callable[[Camera, Doors], None]

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PHONE, DESK = (360, 640), (1024, 768)
#: Grey letters and one teal: enough for a picture that people open on a poor line.
COLOURS = 48
COLUMNS = {PHONE: 7, DESK: 4}
SCALE = 0.45
SHEET = """<style>body {{ margin: 0; padding: 24px; background: #d9dedb; display: grid; gap: 24px;
grid-template-columns: repeat({columns}, {width}px); font: 26px/1.3 sans-serif }}
figure {{ margin: 0 }} figcaption {{ padding: 0 4px 8px; color: #1d2b2f }}
img {{ border-radius: 6px; display: block; width: 100% }}</style>{figures}"""

#: What each picture shows, in the order of the sheets.
PHONE_STATES = {
    "code": ("输入测评码", "Typing the code"),
    "wrong code": ("测评码不对", "A wrong code"),
    "dead link": ("链接打不开", "A link that leads nowhere"),
    "check": ("核对生日", "One check"),
    "missed": ("生日对不上", "It does not match"),
    "resting slip": ("错了三次", "Three misses"),
    "confirm": ("确认是本人", "Is this you?"),
    "not mine": ("不是我的（开始前）", "Not mine, before it began"),
    "later": ("现在不方便", "Not now"),
    "pin": ("设密码", "Choosing a PIN"),
    "pin set": ("密码设好了", "The PIN is set"),
    "class waits": ("全班稍等", "The class waits"),
    "off duty": ("没有老师值守", "Outside staffed hours"),
    "off duty, begun": ("值守之外不能开始", "Nobody begins then"),
    "notice": ("开始前说明", "The notice"),
    "question": ("一屏一题", "One question a screen"),
    "blank": ("没选就下一步", "Left blank"),
    "help": ("我不会操作", "Help with the page"),
    "talk": ("我想找人聊聊", "A wish to talk"),
    "break": ("长问卷中途歇一会儿", "A break"),
    "no signal": ("没有信号", "No signal"),
    "doubt": ("中途发现不是我的", "Not mine, midway"),
    "disowned": ("不是我的，已关掉", "Not mine: closed"),
    "message": ("想说的话", "Anything else?"),
    "closing talk": ("想不想找人聊聊", "A talk?"),
    "closing company": ("身边有没有人", "The last question"),
    "thanks": ("最后一页，人人相同", "The last page"),
    "thanks without a line": ("没信号时答完", "Finished without a line"),
    "word": ("看看回音", "Is there a word?"),
    "answered": ("有回音", "There is one"),
    "unanswered": ("没有回音", "There is none"),
    "card": ("求助卡", "The help card"),
    "picture": ("带图片的题", "A question with a picture"),
    "branch": ("看回答才问的题", "Asked after an answer"),
    "several": ("可多选", "Several answers"),
    "number": ("填数字", "A number"),
    "scale": ("打分", "A scale"),
    "neutral notice": ("没有家长同意", "Without consent"),
    "neutral": ("没有家长同意：题目", "No consent: a question"),
    "link": ("公开链接", "An open link"),
    "contact": ("公开链接：联系方式", "Open link: to be reached"),
    "pause": ("快速离开以后", "After leaving quickly"),
}
DARK_STATES = ("confirm", "question", "break", "no signal", "talk", "thanks")
ROOM_STATES = {
    "seat": ("机位登记", "Which seat is this?"),
    "seat taken": ("机位有人了", "The seat is taken"),
    "next": ("下一位同学", "Next student"),
    "own seat": ("这台已登记", "The machine knows its seat"),
    "seat question": ("答题", "A question"),
    "seat thanks": ("答完，换下一位", "Done: the next student"),
    "seat offline": ("断网时换人", "Without a line"),
    "no room": ("机房没开", "No open room"),
}


def main() -> None:
    """What the command line asks for."""
    asked = _arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        if asked.look:
            _look(browser, asked)
        else:
            _make_sheets(browser)
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--look", type=Path, metavar="FOLDER", help="every page whole, in FOLDER")
    parser.add_argument("--en", action="store_true", help="in English")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--size", default="360x640", help="of the window, 360x640")
    parser.add_argument("--letters", default="", help="how large, as 225%% for 200 %% text")
    return parser.parse_args()


def _look(browser: Browser, asked: argparse.Namespace) -> None:
    width, height = map(int, asked.size.split("x"))
    look = Look((width, height), asked.en, asked.dark, asked.letters, whole=True)
    asked.look.mkdir(parents=True, exist_ok=True)
    pictures = _walk(browser, look, *PHONE_WALKS, in_the_room)
    for number, (state, picture) in enumerate(pictures.items(), 1):
        (asked.look / f"{number:02}-{state.replace(' ', '-')}.png").write_bytes(picture)


def _make_sheets(browser: Browser) -> None:
    night = {state: PHONE_STATES[state] for state in DARK_STATES}
    for look, name, states, walks in (
        (Look(PHONE), "student-pages-zh", PHONE_STATES, PHONE_WALKS),
        (Look(PHONE, english=True), "student-pages-en", PHONE_STATES, PHONE_WALKS),
        (Look(PHONE, dark=True), "student-pages-dark", night, PHONE_WALKS),
        (Look(DESK), "computer-room-zh", ROOM_STATES, (in_the_room,)),
        (Look(DESK, english=True), "computer-room-en", ROOM_STATES, (in_the_room,)),
    ):
        _make_sheet(browser, name, _walk(browser, look, *walks), states, look)


def _walk(browser: Browser, look: Look, *walks: Walk) -> dict[str, bytes]:
    with serving() as (address, school, line):
        camera = Camera(browser, address, line, look)
        for walk in walks:
            walk(camera, school)
        for context in browser.contexts:
            context.close()
    return camera.pictures


def _make_sheet(
    browser: Browser,
    name: str,
    pictures: dict[str, bytes],
    states: dict[str, tuple[str, str]],
    look: Look,
) -> None:
    """The pictures under their words, in as few colours as they need."""
    figures = [_figure(words[look.english], pictures[state]) for state, words in states.items()]
    width, columns = look.size[0], min(len(figures), COLUMNS[look.size])
    sheet = browser.new_page(
        viewport={"width": columns * (width + 24) + 24, "height": 100}, device_scale_factor=SCALE
    )
    sheet.set_content(SHEET.format(columns=columns, width=width, figures="".join(figures)))
    seen = Image.open(io.BytesIO(sheet.screenshot(full_page=True))).convert("RGB")
    sheet.close()
    path = IMAGES / f"{name}.png"
    # Without looking again, the yellow of a moon would become the grey of most things.
    seen.quantize(COLOURS, kmeans=3, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {len(figures)} pages, {path.stat().st_size / 1000:.0f} kB")


def _figure(words: str, picture: bytes) -> str:
    data = base64.b64encode(picture).decode()
    return (
        f'<figure><figcaption>{words}</figcaption><img src="data:image/png;base64,{data}"></figure>'
    )


if __name__ == "__main__":
    main()
