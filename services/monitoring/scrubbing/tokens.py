"""Masks keys, hashes and access tokens by their shape."""

import re
from typing import Final

from services.monitoring.scrubbing.placeholders import REDACTED

# Each pattern begins with distinct characters, since the search tries all of them at each position.
_SHAPES: Final = (
    r"eyJ[\w-]{8,}(?:\.[\w-]*){1,4}", r"eyJ[\w+/=-]{16,}",  # JWT, and JSON in base64
    r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{22,60}", r"\$argon2\w{1,3}\$[\w.+/=,$-]{8,}",  # password hashes
    r"\$(?:[156y]|7|md5|sha1|apr1|scrypt|pbkdf2[\w-]*)\$[./\w=,$+-]{8,}",
    r"(?:pbkdf2|scrypt|bcrypt|argon2|hmac)[_-]?(?:sha\d{1,3})?[$:][\w.+/=,$:-]{16,}",
    r"(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA|AGPA|ANPA|ANVA|A3T[A-Z0-9])[A-Z0-9]{12,}",  # AWS
    r"ABSK[A-Za-z0-9+/]{60,}=*", r"bedrock-api-key-[\w+/=-]{8,}",
    r"gh[oprsu]_[A-Za-z0-9_]{20,}", r"github_pat_\w{22,}",
    r"gl(?:pat|dt|rt|ft|oas|cbt|ptt|soat|agent|imt|ffct|rtr)-[\w.-]{16,}", r"GR1348941[\w-]{20}",
    r"xox[a-z](?:\.xox[a-z])?-(?=[\w-]{0,64}\d)[\w.-]{8,}", r"xapp-[\w-]{8,}", r"xwfp-[\w-]{8,}",  # Slack
    r"[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,38}",  # Discord
    r"(?:sk|rk|pk|mk)_(?:live|test|prod|sandbox)_\w{10,}", r"whsec_[\w+/=-]{16,}",  # Stripe
    r"sk-(?:ant-|proj-|or-|svcacct-|admin-)?[\w-]{20,}", r"sk_[A-Za-z0-9]{32,}", r"xai-[\w-]{40,}",
    r"AIza[\w-]{30,}", r"ya29\.[\w-]{10,}", r"GOCSPX-[\w-]{20,}", r"1//0[\w-]{30,}",  # Google
    r"SG\.[\w-]{16,}\.[\w-]{16,}", r"npm_[A-Za-z0-9]{30,}", r"pypi-[\w-]{40,}", r"rubygems_[a-f0-9]{40,}",
    r"(?:AC|SK|AP)[0-9a-z]{32}", r"(?:bot)?\d{8,10}:[\w-]{35}", r"key-[0-9a-zA-Z]{32}",
    r"[0-9a-f]{32}-us\d{1,2}",
    r"sq0[a-z]{3}-[\w-]{22,}", r"EAAA[\w-]{56,}", r"EAA[A-Za-z0-9]{80,}", r"EAACEdEose0cBA\w+",
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", r"HRKU-[\w-]{36,}", r"do[opr]_v1_[0-9a-f]{40,}",
    r"hv[brs]\.[\w-]{20,}", r"(?<!\.)[bs]\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![A-Za-z0-9])",
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}",
    r"dapi[0-9a-h]{32}(?:-\d)?", r"lin_(?:api|oauth)_\w{20,}", r"ntn_\w{40,}", r"secret_[A-Za-z0-9]{40,}",
    r"PMAK-[\w-]{30,}", r"gl(?:c|sa)_[\w+/=]{20,}", r"NR(?:AK|JS|II|RA|IQ)-[\w-]{16,}",
    r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}", r"hf_[A-Za-z0-9]{16,}",
    r"[A-Za-z0-9+/]{86}==", r"dckr_[a-z]{2,5}_[\w-]{20,}", r"sbp_[0-9a-f]{40}", r"tskey-\w+-[\w-]{20,}",
    r"sb_(?:secret|publishable)_[\w-]{20,}", r"nvapi-[\w-]{40,}", r"CFPAT-[\w-]{30,}",
    r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", r"mlsn\.[0-9a-f]{40,}", r"api_(?:live|test)\.[\w-]{30,}",
    r"ion_[A-Za-z0-9]{40,}", r"cci[a-z]{3}_[\w-]{40,}", r"bk[a-z]{2}_[0-9a-f]{40}", r"rnd_[A-Za-z0-9]{28,}",
    r"api_org_[A-Za-z]{30,}",
    r"ATATT3[\w=-]{50,}", r"ATCTT3[\w=-]{50,}", r"ATBB[A-Za-z0-9]{24,}", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}",
    r"AKC[A-Za-z0-9]{10,}", r"AP[0-9A-F][A-Za-z0-9]{30,}", r"cmVmd[A-Za-z0-9]{59}",  # Artifactory
    r"sntry[su]_[\w+/=-]{20,}", r"pscale_(?:tkn|oauth|pw)_[\w=.-]{30,}", r"pul-[0-9a-f]{40}",
    r"xkeysib-[\w-]{40,}", r"xsmtpsib-[\w-]{40,}", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}", r"tfp_[\w.=-]{40,}",
    r"EZ[AT]K[A-Za-z0-9]{54}", r"FLW(?:PUB|SEC)K_TEST-[\w-]{12,}", r"fio-u-[\w=-]{40,}",
    r"shippo_(?:live|test)_[0-9a-f]{40}", r"AQE[\w+/=-]{60,}", r"ops_eyJ[\w+/=-]{20,}",
    r"(?:A3-[A-Z0-9]{6}-[A-Z0-9-]{20,})", r"nfp_\w{36,}", r"fo1_[\w-]{40,}", r"fm[12][ar]?_[\w+/=-]{60,}",
    r"figd_[\w-]{30,}", r"phc_\w{30,}", r"phx_\w{30,}", r"r8_\w{30,}", r"pplx-\w{40,}", r"gsk_\w{40,}",
    r"AVNS_[\w-]{16,}", r"dop?_[a-z0-9]{3}_\w{40,}", r"CLOJARS_[a-z0-9]{60}", r"LTAI[A-Za-z0-9]{12,}",
    r"p8e-[A-Za-z0-9]{32}", r"duffel_(?:test|live)_[\w=-]{40,}", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
    r"live_[a-z0-9]{35,}", r"test_[a-z0-9]{35,}", r"ico-\w{32}", r"t1_[\w-]{40,}", r"rdme_[a-z0-9]{60,}",
    r"sgp_[\w]{40,}", r"sl\.[\w-]{100,}", r"oy2[a-z0-9]{43}", r"atlasv1\.[\w-]{40,}",
    r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}", r"tk-us-[\w-]{40,}", r"CiVp\w{10,}", r"lsv2_(?:pt|sk)_\w{32,}",
    r"sha256~[\w-]{40,}", r"vercel_\w{20,}", r"pnu_\w{36}", r"cio[A-Za-z0-9]{32}", r"dG9rO[\w+/=]{40,}",
)  # fmt: skip

# A token starts a word, so that camel case words and identifiers do not match.
_TOKEN = re.compile(f"(?<![A-Za-z0-9$])(?:{'|'.join(_SHAPES)})")
# Webhook URLs, which grant access to everyone who knows them.
_HOOKS = re.compile(
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{8,}"
    r"|discord(?:app)?\.com/api/webhooks/\d+/[\w-]+"
    r"|webhook\.office\.com/webhookb2/[\w@/-]{8,}"
    r"|(?<![\w-])[\w-]{12,80}\.apps\.googleusercontent\.com"
)
_LONG_RUN = re.compile(r"[\w.$~+/=:,-]{13,}")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{3,40}-----.*?(?:-----END [A-Z0-9 ]{3,40}-----|\Z)", re.DOTALL)
_OTHER_KEYS = re.compile(
    r"PuTTY-User-Key-File-\d.*\Z"
    r"|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-[\w@.-]{1,40}) AAAA[A-Za-z0-9+/=]{16,}"
    r"|<RSAKeyValue>.*?(?:</RSAKeyValue>|\Z)",
    re.DOTALL,
)
# The name of a service followed by a long mixed value, which is its key.
_OF_A_SERVICE = re.compile(
    r"(?i)\b(aws|amazon|azure|cloudflare|datadog|google|openai|github|gitlab|heroku|slack|stripe|twilio)\b"
    r"((?:[ _-](?:api|access|account|auth|secret|key|token|id))*[ :=]{1,3})"
    r"(?=[\w+/-]{0,80}\d)(?=[\w+/-]{0,80}[a-z])[\w+/-]{32,80}={0,2}(?![\w+/-])"
)
_VERY_LONG_RUN = re.compile(r"[\w+/-]{32}")
_SIGNATURE = re.compile(r"(?i)(?<![^\W_])(sig(?:nature)?=)(?=[\w%+/-]{0,60}\d)[\w%+/.=-]{6,}")
_SCHEMES: Final = ("bearer", "basic", "digest", "negotiate", "ntlm")
_SCHEME = re.compile(
    r"(?i)(?<![\w-])(?:bearer|basic|digest|negotiate|ntlm)(?:\s{1,3}|%20|\+)(?=[\w.~+/=-]*[\d=._~+/-])"
    r"[\w.~+/=-]{6,}|(?<![\w-])bearer\s{1,3}[\w.~+/=-]{16,}"
)


def may_hold_tokens(text: str, lower: str) -> bool:
    """Whether a text without long words may still hold a key or a token; ``lower`` is it in lower case."""
    return (
        "-----" in text or "sig" in lower or "putty" in lower or any(scheme in lower for scheme in _SCHEMES)
    )


def mask_tokens(text: str) -> str:
    """The text without keys, hashes and access tokens."""
    if "-----BEGIN" in text:
        text = _PEM.sub(REDACTED, text)
    if "AAAA" in text or "PuTTY" in text or "RSAKey" in text:
        text = _OTHER_KEYS.sub(REDACTED, text)
    if "hook" in text or "googleusercontent" in text:
        text = _HOOKS.sub(REDACTED, text)
    text = _SCHEME.sub(REDACTED, text)
    if "sig" in text.lower():
        text = _SIGNATURE.sub(rf"\1{REDACTED}", text)
    if _VERY_LONG_RUN.search(text):
        text = _OF_A_SERVICE.sub(rf"\1\2{REDACTED}", text)
    return _LONG_RUN.sub(_mask_run, text)


def _mask_run(match: re.Match[str]) -> str:
    return _TOKEN.sub(REDACTED, match[0])
