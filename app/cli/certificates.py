"""A school's own certificate authority, for devices that the school owns and sets up itself.

The authority can vouch for private addresses only: a stolen key opens no bank and no other site.
"""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=2 * 365)
#: Apple's devices take no server certificate that is valid for longer than 825 days.
SERVER_LASTS = timedelta(days=90)
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
    inside = x509.NameConstraints([x509.IPAddress(each) for each in PRIVATE], None)
    made = (
        _builder(name, name, key, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(inside, critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep_key(folder / "authority.key", key)
    _keep(certificate, made.public_bytes(serialization.Encoding.PEM))
    return certificate


def renew_server(folder: Path, address: str) -> tuple[Path, Path]:
    """Certificate and key of the server at this address, made anew at every start."""
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    signer = serialization.load_pem_private_key((folder / "authority.key").read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    names = {IPv4Address(address), IPv4Address("127.0.0.1")}
    made = (
        _builder(_name(address), authority.subject, key, SERVER_LASTS)
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
    _keep_key(folder / "server.key", key)
    _keep(folder / "server.crt", made.public_bytes(serialization.Encoding.PEM))
    return folder / "server.crt", folder / "server.key"


def fingerprint(certificate: Path) -> str:
    """What a device shows of the authority, to be compared by eye."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return read.fingerprint(hashes.SHA256()).hex(":").upper()


def is_private(address: str) -> bool:
    """Whether this is an address that the authority can vouch for."""
    found = ip_address(address)
    return isinstance(found, IPv4Address) and any(found in each for each in PRIVATE)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
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
    return read.not_valid_after_utc - datetime.now(UTC)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _keep_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    kind = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    _keep(path, key.private_bytes(serialization.Encoding.PEM, kind, plain))


def _keep(path: Path, content: bytes) -> None:
    """Readable for its owner only from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
