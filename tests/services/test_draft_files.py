"""A draft is taken from a file of one's own alone."""

import os
from pathlib import Path

import pytest

from services import drafts


@pytest.mark.skipif(os.name != "posix", reason="owners of files are a matter of POSIX")
def test_a_draft_of_another_owner_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "draft.json"
    path.write_text("{}")
    path.chmod(0o600)
    assert drafts._read(path) == "{}"
    somebody_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    with pytest.raises(ValueError, match="not a draft of ours"):
        drafts._read(path)
