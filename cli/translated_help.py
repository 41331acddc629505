"""The help of the program and of its commands, in the active language."""

from typing import Any, Final

from typer.core import TyperCommand

from services.i18n import N_, _

# Texts that Typer writes in English by itself, listed so that the catalogue can hold them.
TYPER_TEXTS: Final = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)

_REQUIRED: Final = N_("required")


class TranslatedHelp:
    """Writes the help of a command; its texts were marked with ``N_``.

    Typer types commands, contexts and formatters by its vendored, private Click: hence ``Any``.
    """

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage: "))

    def format_help_text(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the description."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help))

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options."""
        for kind, heading in (("argument", _("Arguments")), ("option", _("Options"))):
            rows = [
                _translated(parameter, *record)
                for parameter in self.get_params(ctx)
                if parameter.param_type_name == kind
                for record in filter(None, [parameter.get_help_record(ctx)])
            ]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self: Any, ctx: Any, formatter: Any) -> None:
        """Write the example on one line, however long, so that it can be copied."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write(_("Example:") + f"\n  {self.epilog}\n")


def _translated(parameter: Any, names: str, text: str) -> tuple[str, str]:
    """The line of a parameter, without the Python type that Typer adds; it also adds what is required."""
    own = getattr(parameter, "help", None) or text
    marks = text.removeprefix(own).replace(f"[{_REQUIRED}]", f"[{_(_REQUIRED)}]")
    return names.partition(" <")[0], f"{_(own)}{marks}"


class TranslatedCommand(TranslatedHelp, TyperCommand):
    """A command with translated help."""
