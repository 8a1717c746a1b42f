"""`xinqiao lan`: a certificate that only the school's devices trust, and a server that shows it."""

import os
import ssl
import stat
import subprocess
import sys
import time
from datetime import timedelta
from ipaddress import ip_address
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.cli import main
from app.cli.lan.card import Card
from app.cli.lan.certificates import (
    SERVER_LASTS,
    ensure_authority,
    public_part,
    renew_in_time,
    renew_server,
)
from app.cli.lan.door import Door
from app.platform import clock
from app.platform.pdf import PdfUnavailable
from tests.conftest import NOW
from tests.fault.servers import free_port

#: Another machine's address as far as browsers and certificates are concerned, yet never left.
ADDRESS = "127.0.0.2"


def test_keys_are_for_their_owner_only(tmp_path):
    folder = tmp_path / "lan"
    authority = ensure_authority(folder)
    first = authority.read_bytes()
    renew_server(folder, "192.168.1.20")

    assert ensure_authority(folder).read_bytes() == first
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_certificate_names_the_address_and_this_machine(tmp_path):
    names = _server(tmp_path, "192.168.1.20").extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )

    assert sorted(map(str, names.value.get_values_for_type(x509.IPAddress))) == [
        "127.0.0.1",
        "192.168.1.20",
    ]
    assert names.value.get_values_for_type(x509.DNSName) == []


def test_certificate_is_renewed_before_it_ends(tmp_path):
    with clock.frozen(NOW):
        first = _server(tmp_path, ADDRESS)
    with clock.frozen(NOW + SERVER_LASTS / 2):
        renew_in_time(tmp_path, ADDRESS)
    still = _read(tmp_path)
    with clock.frozen(NOW + SERVER_LASTS - timedelta(days=7)):
        renew_in_time(tmp_path, ADDRESS)
    second = _read(tmp_path)

    assert still == first
    assert second != first
    assert second.not_valid_after_utc > first.not_valid_after_utc + timedelta(days=60)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (x509.DNSName("bank.example"), "excluded subtree"),
        (x509.IPAddress(ip_address("8.8.8.8")), "permitted subtree"),
        (x509.IPAddress(ip_address("192.168.1.20")), "OK"),
    ],
)
def test_stolen_key_opens_private_addresses_only(tmp_path, name, verdict):
    ensure_authority(tmp_path)
    forged = tmp_path / "forged.crt"
    forged.write_bytes(_forge(tmp_path, name))

    said = subprocess.run(
        ["openssl", "verify", "-CAfile", tmp_path / "authority.crt", forged],
        capture_output=True,
        text=True,
        check=False,
    )

    assert verdict in said.stdout + said.stderr


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "school"])
def test_only_private_addresses_are_served(address):
    said = CliRunner().invoke(main, ["lan", "--address", address])

    assert said.exit_code == 1
    assert "no private network address" in said.output


@pytest.fixture
def card(app, tmp_path):
    authority = public_part(ensure_authority(tmp_path / "lan"))
    with app.app_context():
        yield Card(f"https://{ADDRESS}:8443/i", f"http://{ADDRESS}:8080/", authority)


def test_certificates_door_gives_out_one_page_and_the_certificate(card):
    port = free_port()
    address = f"http://{ADDRESS}:{port}"
    with Door((ADDRESS, port), card).ajar():
        page = urlopen(f"{address}/").read().decode()
        with urlopen(f"{address}/xinqiao.crt") as reply:
            kind, content = reply.headers["Content-Type"], reply.read()
        for path in ("/authority.key", "/../authority.key", "/i", "/login"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(address + path)

    read = x509.load_der_x509_certificate(content)
    assert kind == "application/x-x509-ca-cert"
    assert read.fingerprint(hashes.SHA256()).hex(":").upper() == card.authority.sha256
    assert read.fingerprint(hashes.SHA1()).hex() == card.authority.sha1
    assert card.authority.sha256 not in page, "whoever exchanges the page would exchange it too"
    assert "<form" not in page
    assert "Android" in page
    assert "受信任的根证书颁发机构" in page
    assert "Trusted Root Certification Authorities" in page


def test_sheet_for_the_wall_speaks_both_languages(card, tmp_path):
    try:
        content = card.as_pdf()
    except PdfUnavailable:
        pytest.skip("wkhtmltopdf is not installed")
    (tmp_path / "card.pdf").write_bytes(content)

    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "card.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()

    chinese, english, end = said.split("\f")
    assert end == ""
    for page in (chinese, english):
        assert f"https://{ADDRESS}:8443/i" in page
        assert f"http://{ADDRESS}:8080/" in page
        whole = page.replace("\n", "").replace(" ", "")
        assert card.authority.sha1 in whole
        assert card.authority.sha256 in whole
    assert "学生在这里作答" in chinese
    assert "Students answer here" in english


def test_devices_with_the_authority_are_served_and_others_are_not(app, settings):
    port, fetch_port = free_port(), free_port()
    environ = os.environ | {
        "XINQIAO_DATA_DIR": str(settings.data_dir),
        "XINQIAO_DATABASE_URL": settings.database_url,
        "XINQIAO_KEYRING_FILE": str(settings.keyring_file),
    }
    command = [sys.executable, "-c", "from app.cli import main; main()", "lan"]
    command += ["--address", ADDRESS, "--port", str(port), "--certificate-port", str(fetch_port)]
    server = subprocess.Popen(command, env=environ)
    try:
        content = _fetch(f"http://{ADDRESS}:{fetch_port}/xinqiao.crt")[0]
        trust = ssl.create_default_context(cadata=content)
        page, cookies = _fetch(f"https://{ADDRESS}:{port}/i", trust)
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://{ADDRESS}:{port}/i", context=ssl.create_default_context())
    finally:
        server.terminate()
        code = server.wait(60)

    assert b'name="code"' in page
    assert "Secure" in cookies
    assert code == 0


def _fetch(address, trust=None):
    for _ in range(360):
        try:
            with urlopen(address, timeout=60, context=trust) as reply:
                return reply.read(), reply.headers.get("Set-Cookie", "")
        except (OSError, URLError):
            time.sleep(0.25)
    raise AssertionError("the server does not answer")


def _server(folder, address):
    ensure_authority(folder)
    renew_server(folder, address)
    return _read(folder)


def _read(folder):
    return x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())


def _forge(folder, name):
    """What somebody makes who has stolen the authority's key."""
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    key = serialization.load_pem_private_key((folder / "authority.key").read_bytes(), None)
    own = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(authority.not_valid_before_utc)
        .not_valid_after(authority.not_valid_before_utc + SERVER_LASTS)
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
