"""The least that could be called a questionnaire: Flask, a template, and one INSERT a POST.

No accounts, no plan, no scores, no flags, no audit, no encryption. It answers the same number of
requests with the same number of durable commits, over the same driver, on the same server.
"""

import json
import os
import sqlite3
import threading
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

FORM = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>Form</title></head>
<body><form method="post">
<input type="hidden" name="page" value="{{ page }}">
{% for n in range(1, items + 1) %}<fieldset>
<legend>{{ n }}. 在过去的两周里，有多少时候这样？</legend>
{% for option in ("没有", "有几天", "一半以上的天数", "几乎每天") %}<label>
<input type="radio" name="q{{ n }}" value="{{ loop.index0 }}"><span>{{ option }}</span>
</label>{% endfor %}
</fieldset>{% endfor %}
<button name="next" value="1">下一页</button></form></body></html>"""
THANKS = "<!doctype html><html><head><title>Thanks</title></head><body>谢谢</body></html>"
TABLE = "CREATE TABLE IF NOT EXISTS floor (page INTEGER, answers TEXT)"

app = Flask(__name__)
PAGE = app.jinja_env.from_string(FORM)
_own = threading.local()


@app.get("/form/<int:items>")
def show(items: int) -> str:
    return PAGE.render(items=items, page=1)


@app.post("/form/<int:items>")
def take(items: int) -> str:
    page = request.form.get("page", 1, type=int)
    _store(page, dict(request.form))
    return PAGE.render(items=3, page=2) if page == 1 else THANKS


@app.post("/tap")
def tap() -> ResponseReturnValue:
    body: Any = request.get_json()
    _store(0, body)
    return {"stored": [answer["id"] for answer in body["answers"]]}


def _store(page: int, answers: object) -> None:
    connection, mark = _connection()
    sql = f"INSERT INTO floor VALUES ({mark}, {mark})"
    connection.execute(sql, (page, json.dumps(answers)))
    connection.commit()


def _connection() -> tuple[Any, str]:
    """A connection of this thread, as durable as the product's."""
    if not hasattr(_own, "connection"):
        _own.connection = _connect()
    mark = "?" if isinstance(_own.connection, sqlite3.Connection) else "%s"
    return _own.connection, mark


def _connect() -> Any:
    url = os.environ["FLOOR_DATABASE"]
    if url.startswith("postgresql"):
        import psycopg

        connection: Any = psycopg.connect(url.replace("+psycopg", ""))
    else:
        connection = sqlite3.connect(url, timeout=12)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE)
    connection.commit()
    return connection
