"""Masks values that only the label before them identifies: codes, document numbers, birth dates, coordinates.

The labels are those of the ten most spoken languages of Europe. The value is masked, the label stays.
"""

import re
from typing import Final

from services.monitoring.scrubbing.placeholders import REDACTED

# Between a label and its value: "n° ", ": ", "=", " is ", a quote.
_GAP: Final = (
    r"[\"']?[ \t]{0,2}(?i:n[°ºo]\.?|nr\.?|no\.?|number|num[eé]ro|nummer|n[uú]mero|code)?[ \t]{0,2}"
    r"(?:=>|:=|[:=#])?[ \t]{0,2}(?i:(?:is|est|ist|es|è|é|was)[ \t])?[ \t]{0,2}[\"'(\[]?"
)
_DOCUMENT_WORDS: Final = (
    r"steuer-?id(?:entifikationsnummer|[ -]?nr\.?)?|steuernummer|idnr\.?|tax id|cpf|cnpj|nino"
    r"|national insurance|ni (?:number|no\.?)|social insurance|bsn|burgerservicenummer|pesel|aadhaar|ahv"
    r"|insee|nir|personnummer|f[øo]dselsnummer|cpr|rijksregisternummer|sozialversicherungsnummer|svnr"
    r"|rodn[eé] [cč][ií]slo|s[eé]curit[eé] sociale|seguridad social"
    r"|passe?port|num[eé]ro de passeport|reisepass(?:nummer)?|pasaporte|passaporto|passaporte|paszport"
    r"|paspoort(?:nummer)?|паспорт|personalausweis(?:nummer)?|ausweis(?:nummer)?|dow[oó]d osobisty"
    r"|carte (?:nationale )?d['’]identit[eé]|carta d['’]identit[aà]|cart[aã]o de cidad[aã]o|cni|dni"
    r"|identiteitskaart|identity card|id[ -]card|national id|permis de conduire|driv(?:ing|er'?s) licen[cs]e"
    r"|f[uü]hrerschein(?:nummer)?|patente di guida|rijbewijs"
)
_DOCUMENT: Final = (
    r"(?:(?=\S{0,23}\d)[A-Za-z0-9](?:[./-]?[A-Za-z0-9]){5,23}|\d{1,4}(?:[ ./-]\d{2,6}){2,7}"
    r"|[A-Z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-Z])(?![\w])"
)
_CODE_WORDS: Final = (
    r"pin(?:[ -]?code)?|code pin|codice pin|otp|totp|m?tan|[2m]fa|one[- ]time (?:code|password)|cvv2?|cvc2?"
    r"|csc|cryptogramme(?: visuel)?|geheimzahl|passcode|zugangscode|verificatiecode|toegangscode"
    r"|bestätigungscode|(?:security|verification|access|unlock|recovery|reset|backup|2fa|mfa|sms) code"
    r"|code (?:de (?:v[eé]rification|s[eé]curit[eé]|confirmation)|secret|d['’]acc[eè]s)"
    r"|c[oó]digo (?:de (?:verificaci[oó]n|verifica[cç][aã]o|acceso|acesso|seguridad))"
    r"|codice (?:di (?:verifica|sicurezza)|segreto)|kod (?:weryfikacyjny|dostępu)"
    r"|код (?:подтверждения|доступа)|cod de verificare|ověřovací kód"
)
_CODE: Final = r"(?:\d{3}[ -]\d{3}|(?=[A-Za-z-]{0,24}\d)[A-Za-z0-9]{3,12}(?:-[A-Za-z0-9]{3,8}){0,4})(?![\w])"
_BIRTH_WORDS: Final = (
    r"n[eé]e?(?:\(e\))? le|date[ _]de[ _]naissance|born(?: on)?|birth[ _-]?da(?:te|y)|date[ _]of[ _]birth"
    r"|dob|geburtsdatum|geburtstag|geboren(?: am)?|fecha de nacimiento|nacid[oa] el|data di nascita"
    r"|nat[oa] il|data de nascimento|nascid[oa] em|geboortedatum|data urodzenia|дата рождения|data nașterii"
)
_BIRTH: Final = (
    r"(?:\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{8}|\d{1,2}(?:er|st|nd|rd|th)?\.? (?:de )?[^\W\d_]{3,12}\.?,?"
    r"(?: de)? \d{4}|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?!\w)"
)
_PLACE_WORDS: Final = (
    r"lat(?:itude)?|lon|lng|long(?:itude)?|gps|geo|coord(?:inate|onn[eé]e|enada)?e?s?|koordinaten?"
    r"|coordinate|location|position|standort|[?&](?:q|ll|center)"
)
_DEGREES: Final = r"[+-]?\d{1,3}\.\d{3,}"
_PLACE: Final = rf"{_DEGREES}(?:[ ,;/]{{1,3}}{_DEGREES})?"


def _after(words: str, value: str, *, whole_word: bool = True) -> re.Pattern[str]:
    start = r"(?<![^\W_])" if whole_word else ""
    return re.compile(rf"({start}(?i:{words}){_GAP})({value})")


_DOCUMENT_HINTS: Final = (
    "pas", "steuer", "ident", "nr", "cpf", "cnpj", "nin", "insurance", "ni n", "bsn", "burger", "pesel",
    "aadhaar", "ahv", "insee", "nir", "nummer", "cpr", "rodn", "social", "asz", "ausweis", "dow",
    "cart", "cni", "dni", "card", "national", "permis", "licen", "hrersch", "patente", "rijbewijs",
    "паспорт", "tax",
)  # fmt: skip
_CODE_HINTS: Final = (
    "pin", "otp", "tan", "fa", "code", "cvv", "cvc", "csc", "crypto", "zahl", "código", "codigo",
    "codice", "kod", "kód", "код", "cod ",
)  # fmt: skip
_BIRTH_HINTS: Final = (
    "né", "ne", "naissance", "born", "birth", "dob", "geb", "nac", "nasc", "nat", "urodz", "рожд",
    "naș",
)  # fmt: skip
_PLACE_HINTS: Final = (
    "lat", "lon", "lng", "gps", "geo", "oor", "loca", "position", "standort", "q=", "ll=", "center",
)  # fmt: skip
_LABELLED: Final = tuple(
    (re.compile("|".join(hints)), _after(words, value, whole_word=value is not _PLACE))
    for hints, words, value in (
        (_DOCUMENT_HINTS, _DOCUMENT_WORDS, _DOCUMENT), (_CODE_HINTS, _CODE_WORDS, _CODE),
        (_BIRTH_HINTS, _BIRTH_WORDS, _BIRTH), (_PLACE_HINTS, _PLACE_WORDS, _PLACE),
    )
)  # fmt: skip
# In capitals only: in lower case these are ordinary words of some language.
_SHORT_DOCUMENTS = re.compile(rf"(?<!\w)((?:SIN|NIE|NIF|TIN|NI){_GAP})({_DOCUMENT})")
_DEGREES_AND_MINUTES = re.compile(r"\d{1,3}°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:\.\d+)?[\"″]?\s?)?[NSEWO]\b")
_ON_A_MAP = re.compile(rf"@{_DEGREES},{_DEGREES}")
_EXPIRY = re.compile(
    r"(X{4}-X{4}-X{4}-X{4}\W{1,4}(?:(?i:exp\w*|valid\w*|g[uü]ltig\w*)\W{0,4})?)\d\d ?/ ?\d{2,4}"
)
_MAC = re.compile(
    r"(?<![\w:.-])(?:[0-9A-Fa-f]{2}(?P<mark>[:-])(?:[0-9A-Fa-f]{2}(?P=mark)){4}[0-9A-Fa-f]{2}(?![\w:-])"
    r"|(?=[\d.]{0,13}[A-Fa-f])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.]))"
)


def mask_labelled(text: str, lower: str) -> str:
    """The text without values that a label marks as personal; ``lower`` is the text in lower case."""
    for hints, pattern in _LABELLED:
        if hints.search(lower):
            text = pattern.sub(rf"\1{REDACTED}", text)
    text = _SHORT_DOCUMENTS.sub(rf"\1{REDACTED}", text)
    if "°" in text:
        text = _DEGREES_AND_MINUTES.sub(REDACTED, text)
    return _ON_A_MAP.sub(f"@{REDACTED}", text) if "@" in text else text


def mask_devices(text: str) -> str:
    """The text without the hardware addresses of network devices."""
    return _MAC.sub(REDACTED, text)


def mask_expiry(text: str) -> str:
    """The text without the month in which a masked card expires."""
    return _EXPIRY.sub(rf"\1{REDACTED}", text) if "XXXX-" in text else text
