"""`xinqiao lan`: one laptop serves a school's own devices over HTTPS, without the internet."""

import os
import socket
import sys

import click

from app.cli.certificates import ensure_authority, fingerprint, is_private, renew_server
from app.cli.door import reading
from app.config import ROOT, Settings

#: Any address outside: nothing is sent there, the system only says by which way it would go.
ELSEWHERE = ("192.0.2.1", 9)


@click.command()
@click.option("--address", help="The laptop's address in the school's network; else it is found.")
@click.option("--port", default=8443, show_default=True, type=click.IntRange(1024, 65535))
def lan(address: str | None, port: int) -> None:
    """Serve web and worker over HTTPS to devices that the school owns.

    Needs an installation (`xinqiao init`). Ends with Ctrl-C.
    """
    address = address or _own_address()
    if not _is_ours(address):
        raise click.ClickException(
            f"{address} is no private network address; certificates are made for those only."
        )
    with reading():
        pass  # complains in a sentence where there are no tables
    folder = Settings.from_environ().keyring_file.parent / "lan"
    authority = ensure_authority(folder)
    certificate, key = renew_server(folder, address)
    base = f"https://{address}:{port}"
    click.echo(_card(base, str(authority), fingerprint(authority)))
    tls = ["--certfile", str(certificate), "--keyfile", str(key)]
    size = ["--worker-class", "gthread", "--workers", "1", "--threads", "16"]
    words = ["wsgi:app", "--chdir", str(ROOT), "--bind", f"{address}:{port}", *tls, *size]
    environ = os.environ | {
        "VENV": sys.prefix,
        "XINQIAO_BASE_URL": base,
        "XINQIAO_SECURE_COOKIES": "1",
    }
    sys.stdout.flush()
    serve = str(ROOT / "tools" / "serve")
    os.execve(serve, [serve, *words], environ)  # noqa: S606 -- our own script, no shell


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError as error:
            raise click.ClickException(
                "this laptop is in no network; connect it, or give --address."
            ) from error
        return str(probe.getsockname()[0])


def _is_ours(address: str) -> bool:
    try:
        return is_private(address)
    except ValueError:
        return False


def _card(base: str, authority: str, mark: str) -> str:
    return f"""
Xinqiao serves this network:   {base}/i

For devices that the SCHOOL owns, only. Never ask a student or a parent to install this
certificate on a device of their own.

Once on each device:
  1. Copy {authority} to it with a USB stick. The .key files beside it never leave this laptop.
  2. Windows: open the file, Install, Local Machine, "Trusted Root Certification Authorities".
     Android: Settings, Security, Install a certificate, CA certificate.
  3. The device shows this SHA-256 fingerprint; if it differs, stop:
     {mark}
Ctrl-C ends the server."""
