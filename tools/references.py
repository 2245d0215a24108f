"""Every section of a standard and every CVE that the project names, in one list: source, section, where.

    python tools/references.py            the whole list
    python tools/references.py RFC 7519   those of one source

So the next reading against the sources is quick. The titles here are the standards' own: a number that
has none is a slip of the pen, or a standard that somebody has to read first.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TITLES = {
    "RFC 2045": "Multipurpose Internet Mail Extensions (MIME) Part One",
    "RFC 2104": "HMAC: Keyed-Hashing for Message Authentication",
    "RFC 3986": "Uniform Resource Identifier (URI): Generic Syntax",
    "RFC 2606": "Reserved Top Level DNS Names",
    "RFC 4055": "Additional Algorithms and Identifiers for RSA Cryptography in the Internet X.509 PKI",
    "RFC 4253": "The Secure Shell (SSH) Transport Layer Protocol",
    "RFC 4343": "Domain Name System (DNS) Case Insensitivity Clarification",
    "RFC 4648": "The Base16, Base32, and Base64 Data Encodings",
    "RFC 4716": "The Secure Shell (SSH) Public Key File Format",
    "RFC 5280": "Internet X.509 PKI Certificate and CRL Profile",
    "RFC 5737": "IPv4 Address Blocks Reserved for Documentation",
    "RFC 5915": "Elliptic Curve Private Key Structure",
    "RFC 5958": "Asymmetric Key Packages",
    "RFC 6052": "IPv6 Addressing of IPv4/IPv6 Translators",
    "RFC 6265": "HTTP State Management Mechanism",
    "RFC 6454": "The Web Origin Concept",
    "RFC 6585": "Additional HTTP Status Codes",
    "RFC 6749": "The OAuth 2.0 Authorization Framework",
    "RFC 6750": "The OAuth 2.0 Authorization Framework: Bearer Token Usage",
    "RFC 6819": "OAuth 2.0 Threat Model and Security Considerations",
    "RFC 6979": "Deterministic Usage of the DSA and ECDSA",
    "RFC 7009": "OAuth 2.0 Token Revocation",
    "RFC 7468": "Textual Encodings of PKIX, PKCS, and CMS Structures",
    "RFC 7515": "JSON Web Signature (JWS)",
    "RFC 7516": "JSON Web Encryption (JWE)",
    "RFC 7517": "JSON Web Key (JWK)",
    "RFC 7518": "JSON Web Algorithms (JWA)",
    "RFC 7519": "JSON Web Token (JWT)",
    "RFC 7521": "Assertion Framework for OAuth 2.0 Client Authentication and Authorization Grants",
    "RFC 7523": "JWT Profile for OAuth 2.0 Client Authentication and Authorization Grants",
    "RFC 7535": "AS112 Redirection Using DNAME",
    "RFC 7591": "OAuth 2.0 Dynamic Client Registration Protocol",
    "RFC 7617": "The 'Basic' HTTP Authentication Scheme",
    "RFC 7636": "Proof Key for Code Exchange by OAuth Public Clients",
    "RFC 7638": "JSON Web Key (JWK) Thumbprint",
    "RFC 7662": "OAuth 2.0 Token Introspection",
    "RFC 7797": "JWS Unencoded Payload Option",
    "RFC 7800": "Proof-of-Possession Key Semantics for JWTs",
    "RFC 7914": "The scrypt Password-Based Key Derivation Function",
    "RFC 8017": "PKCS #1: RSA Cryptography Specifications Version 2.2",
    "RFC 8032": "Edwards-Curve Digital Signature Algorithm (EdDSA)",
    "RFC 8037": "CFRG Elliptic Curve Diffie-Hellman and Signatures in JOSE",
    "RFC 8176": "Authentication Method Reference Values",
    "RFC 8252": "OAuth 2.0 for Native Apps",
    "RFC 8259": "The JavaScript Object Notation (JSON) Data Interchange Format",
    "RFC 8414": "OAuth 2.0 Authorization Server Metadata",
    "RFC 8417": "Security Event Token (SET)",
    "RFC 8615": "Well-Known Uniform Resource Identifiers (URIs)",
    "RFC 8628": "OAuth 2.0 Device Authorization Grant",
    "RFC 8693": "OAuth 2.0 Token Exchange",
    "RFC 8705": "OAuth 2.0 Mutual-TLS Client Authentication and Certificate-Bound Access Tokens",
    "RFC 8707": "Resource Indicators for OAuth 2.0",
    "RFC 8725": "JSON Web Token Best Current Practices",
    "RFC 9068": "JSON Web Token (JWT) Profile for OAuth 2.0 Access Tokens",
    "RFC 9101": "JWT-Secured Authorization Request (JAR)",
    "RFC 9110": "HTTP Semantics",
    "RFC 9126": "OAuth 2.0 Pushed Authorization Requests",
    "RFC 9207": "OAuth 2.0 Authorization Server Issuer Identification",
    "RFC 9278": "JWK Thumbprint URI",
    "RFC 9396": "OAuth 2.0 Rich Authorization Requests",
    "RFC 9440": "Client-Cert HTTP Header Field",
    "RFC 9449": "OAuth 2.0 Demonstrating Proof of Possession (DPoP)",
    "RFC 9470": "OAuth 2.0 Step Up Authentication Challenge Protocol",
    "RFC 9562": "Universally Unique IDentifiers (UUIDs)",
    "RFC 9700": "Best Current Practice for OAuth 2.0 Security",
    "RFC 9728": "OAuth 2.0 Protected Resource Metadata",
    "RFC 9864": "Fully-Specified Algorithms for JOSE and COSE",
    "RFC 9901": "Selective Disclosure for JWTs (SD-JWT)",
    "RFC 10017": "OAuth 2.0 for Browser-Based Applications",
    "RFC 10025": "Cookies: HTTP State Management Mechanism",
}
OBSOLETE = {
    "RFC 2616": "RFC 9110",
    "RFC 5785": "RFC 8615",
    "RFC 6265": "RFC 10025",
    "RFC 7159": "RFC 8259",
    "RFC 7230": "RFC 9112",
    "RFC 7231": "RFC 9110",
    "RFC 7234": "RFC 9111",
    "RFC 7235": "RFC 9110",
}
"""What has been replaced, and by what: it may be named as history, and no section of it is cited."""
DRAFTS = {
    "draft-ietf-httpbis-rfc6265bis": "RFC 10025",
    "draft-ietf-oauth-browser-based-apps": "RFC 10017",
    "draft-ietf-oauth-security-topics": "RFC 9700",
}
"""Drafts that have become an RFC."""

_SOURCE = re.compile(
    r"(?P<source>RFC \d{4,5}|OpenID Connect (?:Core|Discovery|Back-Channel Logout|RP-Initiated Logout|"
    r"Session Management|Front-Channel Logout)|Multiple Response Types|Form Post Response Mode|FAPI)"
    r"(?P<sections>(?:(?:,| and| to|;)? ?(?:§ ?[\d.A-Z]*\d|Appendix [A-Z](?:\.\d)?))*)"
)
_SECTION = re.compile(r"§ ?([\d.A-Z]*\d)|(Appendix [A-Z](?:\.\d)?)")
_CVE = re.compile(r"CVE-\d{4}-\d{4,7}")


def texts() -> Iterator[tuple[str, str]]:
    """Everything that is read: place, text."""
    for pattern in ("jwtlab/**/*.py", "jwtlab/**/*.html", "jwtlab/**/*.toml", "README.md", "docs/*.md"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            yield f"lesson {path.name[:2]} c{number}", "".join(cell["source"])


def references() -> dict[tuple[str, str], list[str]]:
    """(source, section) → places; the section is ``""`` where a source is named as a whole."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place, text in texts():
        flat = " ".join(text.split())
        for match in _SOURCE.finditer(flat):
            sections = [number or appendix for number, appendix in _SECTION.findall(match["sections"])]
            for section in sections or [""]:
                found[match["source"], section].append(place)
        for cve in _CVE.findall(flat):
            found["CVE", cve.removeprefix("CVE-")].append(place)
    return {key: list(dict.fromkeys(places)) for key, places in sorted(found.items(), key=_order)}


def _order(item: tuple[tuple[str, str], list[str]]) -> tuple[str, list[tuple[int, str]]]:
    (source, section), _ = item
    return source, [(int(part) if part.isdigit() else 0, part) for part in re.split(r"[.-]", section)]


def lines(wanted: str = "") -> Iterator[str]:
    """The list, for reading."""
    last = ""
    for (source, section), places in references().items():
        if wanted and source != wanted:
            continue
        if source != last:
            yield f"{source}  {TITLES.get(source, '')}".rstrip()
            last = source
        sign = "" if not section or section.startswith("Appendix") or source == "CVE" else "§"
        more = f" and {len(places) - 8} more" if len(places) > 8 else ""
        yield f"    {sign + section or 'as a whole':<14} {', '.join(places[:8])}{more}"


if __name__ == "__main__":
    print("\n".join(lines(" ".join(sys.argv[1:]))))
