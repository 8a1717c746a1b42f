"""A school's own certificate authority, for devices that the school owns and sets up itself.

The authority can vouch for private addresses only: a stolen key opens no bank and no other site.
That takes two sentences in its certificate. "These addresses only" says nothing about names, so
every name is ruled out as well.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1, sha256
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.platform import clock

AUTHORITY_LASTS = timedelta(days=2 * 365)
#: Apple's devices take no server certificate that is valid for longer than 825 days.
SERVER_LASTS = timedelta(days=90)
#: A laptop that is never switched off gets its next certificate this long before the end.
RENEWED_BEFORE = timedelta(days=30)
#: A clock may be a little behind.
BEFORE = timedelta(days=1)
PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")))


def ensure_authority(folder: Path) -> Path:
    """The authority's certificate; made with its key when there is none."""
    certificate = folder / "authority.crt"
    if certificate.exists() and _left(certificate) > SERVER_LASTS:
        return certificate
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Xinqiao school network")
    inside = [x509.IPAddress(each) for each in PRIVATE]
    constraints = x509.NameConstraints(inside, [x509.DNSName("")])  # "" stands for every name
    made = (
        _builder(name, name, key, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(constraints, critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep(folder / "authority.key", _plain(key))
    _keep(certificate, made.public_bytes(serialization.Encoding.PEM))
    return certificate


def renew_server(folder: Path, address: str) -> Path:
    """Certificate and key of the server at this address in one file, exchanged in one step.

    gunicorn opens the file for every connection, so a server that runs goes on with the new one.
    """
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    signer = serialization.load_pem_private_key((folder / "authority.key").read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    names = {IPv4Address(address), IPv4Address("127.0.0.1")}
    made = (
        _builder(_name("Xinqiao"), authority.subject, key, SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(each) for each in sorted(names)]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
        .sign(signer, hashes.SHA256())  # type: ignore[arg-type]
    )
    server = folder / "server.pem"
    _keep(server, _plain(key) + made.public_bytes(serialization.Encoding.PEM))
    return server


def renew_in_time(folder: Path, address: str) -> None:
    """Make the server's next certificate when its last weeks begin."""
    if _left(folder / "server.pem") < RENEWED_BEFORE:
        renew_server(folder, address)


@dataclass(frozen=True)
class Public:
    """What a device is given of the authority, and how its owner knows that it is ours."""

    content: bytes
    ends: datetime

    @property
    def sha256(self) -> str:
        """What Android shows of a certificate."""
        return sha256(self.content).digest().hex(":").upper()

    @property
    def sha1(self) -> str:
        """What Windows shows of it, under "thumbprint"."""
        return sha1(self.content).hexdigest()  # noqa: S324 -- Windows shows no other


def public_part(authority: Path) -> Public:
    """The certificate of the authority in the form that every device opens (DER)."""
    read = x509.load_pem_x509_certificate(authority.read_bytes())
    return Public(read.public_bytes(serialization.Encoding.DER), read.not_valid_after_utc)


def is_private(address: str) -> bool:
    """Whether this is an address that the authority can vouch for."""
    found = ip_address(address)
    return isinstance(found, IPv4Address) and any(found in each for each in PRIVATE)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _left(certificate: Path) -> timedelta:
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return read.not_valid_after_utc - clock.now()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _plain(key: ec.EllipticCurvePrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def _keep(path: Path, content: bytes) -> None:
    """Readable for its owner only from the first byte on, and never half there."""
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    half.replace(path)
