"""Masks email addresses, credentials before a host, and IP addresses."""

import ipaddress
import re
from typing import Final

from services.monitoring.scrubbing.pattern_replace import replace_confirmed
from services.monitoring.scrubbing.placeholders import ADDRESS, REDACTED

# RFC 5322 allows "/", "=", "&" and "?" in a local part, but next to an address they belong to a URL.
_LOCAL: Final = r"(?:\"[^\"\s@][^\"@\r\n]{0,63}\"|(?<![\w.!#$%'*+^`~-])[\w.!#$%'*+^`~-]+)"
_HOST: Final = r"(?:\[[0-9A-Fa-f:.XIPv]{2,45}\]|[^\W_](?:[\w-]{0,62})(?:\.[^\W_][\w-]{0,62}){0,8})"
_EMAIL = re.compile(rf"({_LOCAL})@({_HOST})")
# "name (at) host.org", "name @ host.org", "name at host dot org", "name_at_host.org".
_DOT: Final = r"(?:\.|[ ]?[(\[{][ ]?(?:dot|punkt|point)[ ]?[)\]}][ ]?|[ ](?:dot|punkt|point)[ ])"
_SPOKEN = re.compile(
    rf"""(?ix)
    (?<![\w.@]) (?P<local>[^\W_][\w.+-]{{1,63}}?) (?:
      (?P<mark>
        [ ]{{0,2}}[(\[{{<][ ]?(?:at|ät|arobase)[ ]?[)\]}}>][ ]{{0,2}} | [ ]{{1,2}}@[ ]{{0,2}} | @[ ]{{1,2}}
      )
      (?P<host>[^\W_][\w-]*(?:{_DOT}[^\W_][\w-]*)+)
    )
    """
)
_SPOKEN_WORDS = re.compile(
    r"(?i)(?<![\w.@])(?P<local>[^\W_][\w.+-]{1,63}?)"
    r"(?:[ ]at[ ](?P<host>[^\W_][\w-]*(?:[ ]dot[ ][^\W_][\w-]*)+)"
    r"|_at_(?P<joined>[^\W_][\w-]*(?:\.[^\W_][\w-]*)+))"
)
_TOP_LEVELS: Final = frozenset({
    "com", "org", "net", "edu", "gov", "info", "biz", "io", "eu", "fr", "de", "es", "it", "pt", "nl", "be",
    "ch", "at", "lu", "pl", "ru", "ua", "ro", "cz", "sk", "hu", "gr", "tr", "se", "no", "dk", "fi",
    "ie", "uk", "us", "ca", "au", "br", "mx", "in", "cn", "jp", "kr", "example", "test",
})  # fmt: skip
_MASKED_LOCAL = re.compile(r"['`]*.{0,2}\*\*\*|\[REDACTED\]")
# epicevents@0.1.0.dev3, react@18.2.0, epicevents@a1b2c3d
_RELEASE = re.compile(
    r"v?\d+\.\d+(?:\.\d+)*(?:[.+-]?[A-Za-z]\w*)*(?:\.[0-9a-f]+)*(?:-\d+)?|\d+|[0-9a-f]{7,40}"
)
_NO_HOSTS: Final = frozenset({
    "main", "master", "unknown", "dev", "develop", "trunk", "head", "latest", "stable", "next", "nightly",
    "edge", "sha256", "sha512",
})  # fmt: skip
"""Branches, releases and digests that follow the name of a program and an "@"."""
_SHORTEST_BARE_HOST: Final = 3

_URL_USER = re.compile(r"(?<=//)(?!git@)[^\s/?#\"'<>\\]*@")
# An unencoded password in a URL, with a slash, a hash sign or a space.
_URL_ODD_PASSWORD = re.compile(
    r"(?<=://)[^\s/?#@:\"'<>]{0,64}:(?!\d{1,5}(?:[/?#\s]|$))"
    r"[^\r\n\"'<>@]{1,64}(?:@[^\s\"'<>@]{1,64})?@(?=[\w\[])"
)
_NO_SCHEME = re.compile(r"(?<![\w.%+/@-])([\w.%+-]{1,64}):([^\s@/:\"'<>,;][^\s@\"'<>]{0,127})@(?=[\w\[])")
_OPTION = re.compile(r"(?<!\S)((?:-u|--user|--proxy-user)[ =]{1,3}[\"']?)[^\s\"':]{1,128}:[^\s\"']{1,128}")
_LABELS: Final = frozenset({
    "mailto", "email", "e-mail", "mail", "courriel", "to", "from", "cc", "bcc", "contact", "adresse",
    "address", "sip", "xmpp", "reply-to", "de", "à", "pkg", "npm",
})  # fmt: skip

_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.+])(?<![^\W\d]-)(?<!\d,)(?:{_OCTET}\.){{3}}{_OCTET}(?!\w|\.\d)")
# A comparison has a name, a bracket, a comma or a quote before its sign: "> " also begins a quoted line, and
# ">" ends "<name@example.com>". Words on another line do not count.
_BEFORE_A_VERSION = re.compile(
    r"(?i)(?:(?:\bv|\bver\.?|version|release|révision|[=~><!]=)[ \t:\"']*|[a-z]/|(?<!\S)[\^~]"
    r"|(?:\w[ \t]|[(\[,\"'])[<>^~][ \t]?|(?<![\w.@</-])[a-z_][\w-]{0,30}[<>^~])\Z"
)
_LOOK_BACK: Final = 48
_IPV6 = re.compile(
    r"(?:(?<![\w:.])|(?<=[A-Za-z]:))(?:[0-9A-Fa-f]{0,4}:){2,8}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4})?"
    r"(?![\w:]|\.\d)(?:%\w{1,15})?"
)
_FEWEST_DIGITS: Final = 4


def may_hold_spoken_emails(lower: str) -> bool:
    """Whether a text, given in lower case, may hold an address without "@", such as "name (at) host"."""
    return any(word in lower for word in ("at", "ät", "arobase")) and any(
        mark in lower for mark in (".", "dot", "punkt", "point")
    )


def mask_emails(text: str) -> str:
    """The text with each email address reduced to two letters and its host."""
    text = replace_confirmed(_SPOKEN_WORDS, replace_confirmed(_SPOKEN, text, _mask_spoken), _mask_words)
    return replace_confirmed(_EMAIL, text, _mask_email)


def _mask_words(match: re.Match[str]) -> str | None:
    host = match["joined"] or match["host"].lower().replace(" dot ", ".")
    is_one = match["host"] is not None or host.rpartition(".")[2].lower() in _TOP_LEVELS
    return f"{match['local'][:2]}***@{host}" if is_one else None


def _mask_spoken(match: re.Match[str]) -> str | None:
    host = re.sub(r"\W*(?:(?i:dot|punkt|point)|\.)\W*", ".", match["host"])
    is_plain = not match["mark"].strip("@ \t")
    if is_plain and host.rpartition(".")[2].lower() not in _TOP_LEVELS:
        return None
    return f"{match['local'][:2]}***@{host}"


def _mask_email(match: re.Match[str]) -> str | None:
    local, host = match[1], match[2]
    if _MASKED_LOCAL.fullmatch(local):
        return match[0]
    if local == "git":  # the common account of git servers, as in git@github.com
        return None
    is_bare = "." not in host and not host.startswith("[")
    if is_bare and host.lower() in _NO_HOSTS:
        return None
    if _RELEASE.fullmatch(host) or (is_bare and (len(host) < _SHORTEST_BARE_HOST or len(local) < 2)):
        return None
    quotes = local[: len(local) - len(local.lstrip("'`"))]
    kept = local.strip('"').lstrip(".!#$%'*+^`~-")[:2]
    return f"{quotes}{kept}***@{host}"


def mask_credentials(text: str) -> str:
    """The text without user and password before a host, and without the key of a DSN."""
    if "//" in text:
        text = _URL_USER.sub(f"{REDACTED}@", text)
        text = _URL_ODD_PASSWORD.sub(f"{REDACTED}@", text)
    text = _OPTION.sub(rf"\1{REDACTED}", text) if "-u" in text else text
    return replace_confirmed(_NO_SCHEME, text, _mask_userinfo) if ":" in text else text


def _mask_userinfo(match: re.Match[str]) -> str | None:
    if match[1].lower() in _LABELS or _MASKED_LOCAL.fullmatch(match[2]):
        return None
    return f"{REDACTED}@"


def mask_addresses(text: str) -> str:
    """The text with each IP address masked; version numbers stay."""
    if text.count(":") > 1:
        text = replace_confirmed(_IPV6, text, _mask_ipv6)
    return replace_confirmed(_IPV4, text, _mask_ipv4) if text.count(".") > 2 else text


def _mask_ipv4(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    if before.endswith("<") and match.string.startswith(">", match.end()):
        return ADDRESS
    if _is_this_machine(match[0]):
        return None
    return None if _BEFORE_A_VERSION.search(before) and not before.endswith("//") else ADDRESS


def _is_this_machine(address: str) -> bool:
    """Whether this is a loopback or unspecified address, which is the same on every machine."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # 010.0.0.1
        return False
    return parsed.is_loopback or parsed.is_unspecified


def _mask_ipv6(match: re.Match[str]) -> str | None:
    text, port = match[0], ""
    if not _is_ipv6(text):
        # A trailing colon or a port: "connect to fe80::1: refused".
        text, colon, digits = text.rpartition(":")
        port = colon + digits
        if not _is_ipv6(text):
            return None
    if _is_this_machine(text):
        return None
    if sum(character != ":" for character in text) < _FEWEST_DIGITS:  # x[::2], a::b
        return None
    return ADDRESS + port


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError:
        return False
    return True
