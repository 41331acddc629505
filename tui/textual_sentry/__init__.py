"""Sentry for Textual, for any application: a folder that can be copied as it is.

Use::

    import sentry_sdk
    from textual_sentry import TextualIntegration

    sentry_sdk.init("https://key@host/1", integrations=[TextualIntegration()])
    MyApp().run()

``loop_watch`` and ``wireframe`` stand on their own and load no SDK; nor does this module, until it is asked
for the integration.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .integration import TextualIntegration

__all__ = ["TextualIntegration"]


def __getattr__(name: str) -> Any:
    if name == "TextualIntegration":
        from .integration import TextualIntegration

        return TextualIntegration
    raise AttributeError(name)
