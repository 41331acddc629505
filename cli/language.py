"""The language, settled before the first word is said."""

import os

from services import i18n


def settle_language() -> None:
    """Activate the configured language, else that of the environment.

    A setting that cannot be read is reported by the command that needs it; ``--help`` still answers.
    """
    try:
        from services.settings import load_settings

        i18n.activate(load_settings().language)
    except Exception:  # whatever is wrong with the settings, help must be given
        i18n.activate(os.environ.get("EPICEVENTS_LANGUAGE") or i18n.system_locale())
