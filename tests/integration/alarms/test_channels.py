"""The adapters over real sockets: what they send, what they take for success, when they give up."""

import base64
import hashlib
import hmac
import logging
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qs, urlsplit

import pytest

from app.alarms.channels import ChannelError, adapters, wire
from app.alarms.channels.dingtalk import DingTalk, signature
from app.alarms.channels.gateway import Gateway
from app.alarms.channels.mail import Mail
from app.alarms.channels.wecom import WeCom
from app.alarms.channels.wire import Problem
from app.alarms.domain import ChannelKind
from app.config import Settings, SettingsError
from app.platform import clock
from tests.integration.alarms.sinks import MailSink, dribble, http_sink, raw_sink

TEXT = "心桥：有 3 条需处理，请登录查看。https://xinqiao.example/alarms"
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET = "SEC0123456789abcdef"
NUMBER = "13800138000"


@pytest.fixture
def sink():
    with http_sink() as sink:
        yield sink


def problem_of(channel, address=KEY):
    with pytest.raises(ChannelError) as caught:
        channel.send(address, TEXT)
    return caught.value.problem


def test_wecom_posts_a_text_with_the_key(sink):
    WeCom(sink.url).send(KEY, TEXT)

    (request,) = sink.requests
    assert request["path"] == f"/send?key={KEY}"
    assert request["json"] == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_signs_with_the_secret(sink):
    with clock.frozen(datetime(2026, 10, 12, 2, 0, tzinfo=UTC)):
        DingTalk(sink.url).send(f"token123 {SECRET}", TEXT)

    (request,) = sink.requests
    query = parse_qs(urlsplit(request["path"]).query)
    stamp = "1791770400000"
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["token123"],
        "timestamp": [stamp],
        "sign": [base64.b64encode(digest).decode()],
    }
    assert request["json"]["msgtype"] == "text"


def test_dingtalk_without_a_secret_sends_the_token_only(sink):
    DingTalk(sink.url).send("token123", TEXT)

    assert sink.requests[0]["path"] == "/send?access_token=token123"


def test_signature_is_bound_to_the_moment():
    assert signature(SECRET, milliseconds=1)["sign"] != signature(SECRET, milliseconds=2)["sign"]


@pytest.mark.parametrize("kind", ["sms", "voice"])
def test_gateway_gets_number_text_and_kind_and_the_token(sink, kind):
    sink.status, sink.body = 202, b""
    Gateway(sink.url, kind, "t0ken").send(NUMBER, TEXT)

    (request,) = sink.requests
    assert request["json"] == {"to": NUMBER, "text": TEXT, "kind": kind}
    assert request["headers"]["Authorization"] == "Bearer t0ken"
    assert NUMBER not in request["path"]


ANSWERS = [
    (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', Problem.REFUSED),
    (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', Problem.THROTTLED),
    (200, b'{"errcode": "0"}', Problem.GARBAGE),
    (200, b'{"errcode": false}', Problem.GARBAGE),
    (200, b"{}", Problem.GARBAGE),
    (200, b"[0]", Problem.GARBAGE),
    (200, b"<html>login to the wifi</html>", Problem.GARBAGE),
    (200, b"\xff\xfe\x00", Problem.GARBAGE),
    (429, b"", Problem.THROTTLED),
    (500, b'{"errcode": 0}', Problem.REFUSED),
    (302, b'{"errcode": 0}', Problem.REFUSED),
]


@pytest.mark.parametrize(("status", "body", "problem"), ANSWERS)
def test_only_errcode_0_with_a_good_status_is_success(sink, status, body, problem):
    sink.status, sink.body = status, body

    assert problem_of(WeCom(sink.url)) is problem


def test_dingtalk_knows_its_own_word_for_too_many(sink):
    sink.body = b'{"errcode": 130101, "errmsg": "send too fast"}'

    assert problem_of(DingTalk(sink.url)) is Problem.THROTTLED


def test_no_redirect_is_followed(sink):
    sink.status, sink.headers = 307, {"Location": sink.url}
    problem_of(WeCom(sink.url))

    assert len(sink.requests) == 1


def test_no_proxy_of_the_environment_is_used(sink, monkeypatch):
    with http_sink() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        WeCom(sink.url).send(KEY, TEXT)

    assert (len(sink.requests), proxy.requests) == (1, [])


def test_nobody_listening_is_unreachable():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

    assert problem_of(WeCom(f"http://127.0.0.1:{port}/send")) is Problem.UNREACHABLE


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://gateway.example/send", True),
        ("http://127.0.0.1:8080/send", True),
        ("http://[::1]:8080/send", True),
        ("http://gateway.example/send", False),
        ("http://127.0.0.1.example/send", False),
        ("ftp://127.0.0.1/send", False),
    ],
)
def test_keys_and_numbers_go_out_sealed_or_stay_on_this_machine(url, fits):
    if fits:
        assert Settings.from_environ({"XINQIAO_SMS_URL": url}).sms_url == url
        return
    with pytest.raises(SettingsError, match="XINQIAO_SMS_URL must begin with https://"):
        Settings.from_environ({"XINQIAO_SMS_URL": url})


def test_an_open_address_that_slipped_in_is_not_connected_to(monkeypatch):
    dialled = []
    monkeypatch.setattr(wire, "_connection", lambda *at: dialled.append(at))

    assert problem_of(WeCom("http://gateway.example/send")) is Problem.UNREACHABLE
    assert dialled == []


def test_silence_ends_in_time(monkeypatch):
    monkeypatch.setattr(wire, "TOTAL_SECONDS", 0.3)
    with raw_sink(lambda connection: connection.recv(1) and connection.recv(10**6, 256)) as at:
        assert problem_of(WeCom(f"http://{at}/send")) is Problem.TIMEOUT


def test_a_dribbling_answer_ends_in_time(monkeypatch):
    monkeypatch.setattr(wire, "TOTAL_SECONDS", 0.5)
    with raw_sink(dribble) as at:
        assert problem_of(WeCom(f"http://{at}/send")) is Problem.TIMEOUT


def test_hanging_up_is_unreachable():
    with raw_sink(lambda connection: connection.recv(10)) as at:
        assert problem_of(WeCom(f"http://{at}/send")) is Problem.UNREACHABLE


def test_a_stranger_behind_tls_is_not_trusted(tmp_path):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(self_signed(tmp_path))

    def talk(connection):
        server.wrap_socket(connection, server_side=True).recv(100)

    with raw_sink(talk) as at:
        assert problem_of(WeCom(f"https://{at}/send")) is Problem.UNTRUSTED


def self_signed(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


# e-mail


def test_mail_hands_one_letter_over():
    sink = MailSink()
    with raw_sink(sink.talk) as at:
        Mail(f"smtp+local://{at}", "xinqiao@school.example").send("bob@school.example", TEXT)

    (letter,) = [message_from_bytes(each, policy=default) for each in sink.letters]
    assert (letter["To"], letter["Subject"]) == ("bob@school.example", "心桥")
    assert letter.get_content().strip() == TEXT


def test_mail_that_is_refused_says_so():
    sink = MailSink()
    sink.refuse = True
    with raw_sink(sink.talk) as at:
        channel = Mail(f"smtp+local://{at}", "xinqiao@school.example")

        assert problem_of(channel, "nobody@school.example") is Problem.REFUSED


def test_mail_insists_on_starttls():
    sink = MailSink()
    with raw_sink(sink.talk) as at:
        channel = Mail(f"smtp://{at}", "x@school.example")

        assert problem_of(channel, "b@school.example") is Problem.REFUSED
    assert sink.letters == []


def test_mail_without_tls_never_leaves_the_machine():
    channel = Mail("smtp+local://192.0.2.1:25", "x@school.example")

    assert problem_of(channel, "b@s.example") is Problem.UNREACHABLE


# what is offered, and what is never said


def test_a_kind_without_an_address_is_not_offered():
    assert set(adapters(Settings())) == {ChannelKind.WECOM, ChannelKind.DINGTALK}
    assert set(adapters(Settings(wecom_url="", dingtalk_url="", sms_url="http://x"))) == {
        ChannelKind.SMS
    }


def test_errors_and_logs_hold_neither_key_nor_number_nor_text(sink, caplog):
    caplog.set_level(logging.DEBUG)
    sink.status = 500
    said = []
    for channel, address in (
        (WeCom(sink.url), KEY),
        (WeCom("http://127.0.0.1:1/send"), KEY),
        (WeCom("ftp://127.0.0.1/send"), KEY),
        (WeCom(sink.url), f"{KEY}\r\nX-Evil: 1"),
        (Gateway(sink.url, "sms", SECRET), NUMBER),
        (Mail("smtp+local://127.0.0.1:1", "x@y.example"), "bob@school.example"),
    ):
        with pytest.raises(ChannelError) as caught:
            channel.send(address, TEXT)
        error = caught.value
        said += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    said.append(caplog.text)

    for secret in (KEY, SECRET, NUMBER, "bob@", TEXT):
        assert secret not in "\n".join(said)
    assert SECRET not in repr(Gateway(sink.url, "sms", SECRET))
    assert SECRET not in repr(Settings(sms_token=SECRET, smtp_url=f"smtps://u:{SECRET}@h"))
