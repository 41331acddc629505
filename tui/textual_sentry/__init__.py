"""A Sentry integration for any Textual application, in a folder that can be copied as it is.

Use::

    import sentry_sdk
    from textual_sentry import TextualIntegration

    sentry_sdk.init("https://key@host/1", integrations=[TextualIntegration()])
    MyApp().run()

``loop_monitor`` and ``wireframe`` do not load the SDK; this module loads it on the first access to
``TextualIntegration``.
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
