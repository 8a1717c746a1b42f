"""`xinqiao lan`: one laptop serves a school's own devices over HTTPS, without the internet."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from app.cli.door import reading
from app.cli.lan.card import Card
from app.cli.lan.certificates import (
    ensure_authority,
    is_private,
    public_part,
    renew_in_time,
    renew_server,
)
from app.cli.lan.door import Door
from app.config import ROOT, Settings
from app.platform.pdf import PdfUnavailable

#: Any address outside: nothing is sent there, the system only says by which way it would go.
ELSEWHERE = ("192.0.2.1", 9)
HOUR = 60 * 60
PORT = click.IntRange(1024, 65535)


@click.command()
@click.option("--address", help="The laptop's address in the school's network; else it is found.")
@click.option("--port", default=8443, show_default=True, type=PORT)
@click.option(
    "--certificate-port",
    default=8080,
    show_default=True,
    type=PORT,
    help="Where devices fetch the certificate; nothing else is served there.",
)
def lan(address: str | None, port: int, certificate_port: int) -> None:
    """Serve web and worker over HTTPS to devices that the school owns.

    Needs an installation (`xinqiao init`). Ends with Ctrl-C.
    """
    address = address or _own_address()
    if not _is_ours(address):
        raise click.ClickException(
            f"{address} is no private network address; certificates are made for those only."
        )
    folder = Settings.from_environ().keyring_file.parent / "lan"
    authority = public_part(ensure_authority(folder))
    base, fetched_at = f"https://{address}:{port}", f"http://{address}:{certificate_port}/"
    card = Card(f"{base}/i", fetched_at, authority)
    with reading():
        try:
            door = Door((address, certificate_port), card)
        except OSError as error:
            raise click.ClickException(
                f"{fetched_at} cannot be served: {error.strerror}."
            ) from None
        click.echo(card.as_text())
        click.echo(_print(card, folder / "card.pdf"))
    with door.ajar():
        sys.exit(_serve(folder, address, port))


def _print(card: Card, path: Path) -> str:
    try:
        content = card.as_pdf()
    except PdfUnavailable as error:
        return f"No sheet for the wall: {error}"
    path.write_bytes(content)
    return f"The same as a sheet for the wall, in Chinese and English: {path}\n"


def _serve(folder: Path, address: str, port: int) -> int:
    """Web and worker until they are told to end; meanwhile the certificate is kept valid."""
    pem = str(renew_server(folder, address))
    words = ["wsgi:app", "--chdir", str(ROOT), "--bind", f"{address}:{port}"]
    words += ["--certfile", pem, "--keyfile", pem, "--workers", "1", "--threads", "16"]
    words += ["--worker-class", "app.platform.threads.PatientWorker"]
    words += ["--graceful-timeout", "30", "--no-control-socket"]
    base = {"XINQIAO_BASE_URL": f"https://{address}:{port}"}
    environ = os.environ | base | {"VENV": sys.prefix}
    server = subprocess.Popen([str(ROOT / "tools" / "serve"), *words], env=environ)
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda _signal, _frame: server.terminate())
    while True:
        try:
            return server.wait(HOUR)
        except subprocess.TimeoutExpired:
            renew_in_time(folder, address)


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
