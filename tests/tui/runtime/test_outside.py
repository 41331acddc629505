"""Links that leave the terminal are encoded whatever they are made of, and open on one's own desktop only."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import clean_typed
from tui.runtime import outside
from tui.runtime.outside import has_desktop, mail_link, map_link, open_outside, phone_link

LINK = re.compile(
    r"mailto:[\w.%~-]+@[\w.%~-]+|tel:\+?[0-9]+"
    r"|https://www\.openstreetmap\.org/search\?query=[\w.%~-]+|",
    re.ASCII,
)

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}


@given(st.text(max_size=40) | st.from_regex(r"[a-z?&=%;]+@[a-z?/#]+", fullmatch=True))
def test_a_link_holds_only_its_scheme_and_encoded_text(value: str) -> None:
    for link in (mail_link(value), phone_link(value), map_link(value)):
        assert LINK.fullmatch(link), link
    if found := map_link(value):
        assert unquote(found.partition("=")[2]) == " ".join(clean_typed(value).split())


@pytest.mark.parametrize(
    ("make", "value", "link"),
    [
        (mail_link, "amelie@dorgeval.example", "mailto:amelie@dorgeval.example"),
        (mail_link, "a?bcc=x@y.example\r\nBcc: z", "mailto:a%3Fbcc%3Dx@y.example%20%20Bcc%3A%20z"),
        (mail_link, "nobody", ""),
        (phone_link, "+33 (0)6 39-98", "tel:+3306399" + "8"),
        (phone_link, "06 39 98 12 04", "tel:0639981204"),
        (phone_link, "none", ""),
        (
            map_link,
            "12 rue de l'Eau\n37600 Loches",
            f"{outside._MAP}12%20rue%20de%20l%27Eau%2037600%20Loches",
        ),
        (map_link, " \t", ""),
    ],
)
def test_links_of_values(make: "object", value: str, link: str) -> None:
    assert make(value) == link  # type: ignore[operator]


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", False),
        ({"DISPLAY": ":0", **BUS}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0", **BUS}, "linux", True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4", **BUS}, "linux", False),
        (BUS, "linux", False),
        ({}, "darwin", True),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_a_link_is_opened_only_on_a_desktop_of_ones_own(
    environment: dict[str, str], platform: str, expected: bool
) -> None:
    assert has_desktop(environment, platform) is expected


def test_macos_reads_the_link_from_its_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "osascript"
    opener.write_text(
        '#!/bin/sh\necho "$@" > "$0.arguments"\ncat > "$0.script"\n! grep -q tel:2 "$0.script"\n'
    )
    opener.chmod(0o700)
    monkeypatch.setattr("tui.runtime.outside._OSASCRIPT", str(opener))
    monkeypatch.setattr("sys.platform", "darwin")
    assert open_outside('mailto:a"b\\@c.example')
    assert (tmp_path / "osascript.arguments").read_text() == "-\n"
    assert (tmp_path / "osascript.script").read_text() == ('open location "mailto:a\\"b\\\\@c.example"\n')
    assert not open_outside("tel:2")
    opener.write_text("#!/bin/sh\nexec sleep 9\n")
    monkeypatch.setattr("tui.runtime.outside._PATIENCE", 0.2)
    assert not open_outside("tel:1")
    opener.unlink()
    assert not open_outside("tel:1")
