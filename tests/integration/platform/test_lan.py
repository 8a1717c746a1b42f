"""`xinqiao lan`: a certificate that only the school's devices trust, and a server that shows it."""

import os
import ssl
import stat
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.certificates import ensure_authority, renew_server
from tests.fault.lines import free_port


def test_keys_are_for_their_owner_only(tmp_path):
    folder = tmp_path / "lan"
    authority = ensure_authority(folder)
    first = authority.read_bytes()
    renew_server(folder, "192.168.1.20")

    assert ensure_authority(folder).read_bytes() == first
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "school"])
def test_only_private_addresses_are_served(address):
    said = CliRunner().invoke(main, ["lan", "--address", address])

    assert said.exit_code == 1
    assert "no private network address" in said.output


def test_devices_with_the_authority_are_served_and_others_are_not(app, settings):
    port = free_port()
    environ = os.environ | {
        "XINQIAO_DATA_DIR": str(settings.data_dir),
        "XINQIAO_KEYRING_FILE": str(settings.keyring_file),
    }
    command = [sys.executable, "-c", "from app.cli import main; main()", "lan"]
    command += ["--address", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=environ)
    authority = settings.keyring_file.parent / "lan" / "authority.crt"
    try:
        page = _fetch(f"https://127.0.0.1:{port}/i", authority)
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://127.0.0.1:{port}/i", context=ssl.create_default_context())
    finally:
        server.terminate()
        server.wait(20)

    assert 'name="code"' in page[0]
    assert "Secure" in page[1]


def _fetch(address, authority):
    for _ in range(80):
        try:
            trust = ssl.create_default_context(cafile=authority)
            with urlopen(address, context=trust) as reply:
                return reply.read().decode(), reply.headers.get("Set-Cookie", "")
        except (OSError, URLError):
            time.sleep(0.25)
    raise AssertionError("the server does not answer")
