"""The Typer application: how commands are registered, translated, grouped and ended."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn, TypeVar

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from cli import console, exit_codes
from cli.language import settle_language
from services.i18n import N_, _

PROGRAM: Final = "epicevents"
ACCOUNT: Final = N_("Account")
RECORDS: Final = N_("Clients, contracts and events")
TEAM: Final = N_("Team and journal")
INSTALLATION: Final = N_("Installation")

# Texts that Typer writes in English by itself, listed so that the catalogue can hold them.
TYPER_TEXTS: Final = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)

Function = TypeVar("Function", bound=Callable[..., object])


class TranslatedCommand(TyperCommand):
    """A command whose help is in the active language; its texts were marked with ``N_``.

    Typer types contexts and formatters by its vendored, private Click: hence ``Any``.
    """

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what the command does."""
        _write_help_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options."""
        _write_parameters(self, ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the example, on one line however long, so that it can be copied."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write(_("Example:") + f"\n  {self.epilog}\n")


class Program(TyperGroup):
    """The group of all commands: the place where the language is settled and every run ends."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run one command and exit with its code (section 6 of the specification of the commands)."""
        settle_language()
        arguments = list(sys.argv[1:] if args is None else args)
        console.speak_json("--json" in arguments)

        def run() -> None:
            self._main_shell_completion(extra, PROGRAM, complete_var)
            with self.make_context(PROGRAM, arguments, **extra) as ctx:
                self.invoke(ctx)

        sys.exit(exit_codes.exit_code_of(run))

    def get_params(self, ctx: Any) -> Any:
        """The program's own options. Typer would load Pydantic, 0.1 s, to find that a flag was not given."""
        parameters: list[Any] = list(super().get_params(ctx))
        for parameter in parameters:
            if parameter.default is None and parameter.type_descriptor.annotation is bool:
                parameter.default = False
        return parameters

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what the program does."""
        _write_help_text(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands in their sections."""
        _write_parameters(self, ctx, formatter)
        width = max(len(name) for name in self.commands)
        for panel in (ACCOUNT, RECORDS, TEAM, INSTALLATION):
            rows = [
                (name.ljust(width), _(_help(command)))
                for name, command in self.commands.items()
                if getattr(command, "rich_help_panel", None) == panel
            ]
            with formatter.section(_(panel)):
                formatter.write_dl(rows)


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage: "))


def _write_help_text(command: Any, formatter: Any) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(_(_help(command)))


def _help(command: Any) -> str:
    return command.help or ""


def _write_parameters(command: Any, ctx: Any, formatter: Any) -> None:
    for kind, heading in (("argument", _("Arguments")), ("option", _("Options"))):
        records = (
            parameter.get_help_record(ctx)
            for parameter in command.get_params(ctx)
            if parameter.param_type_name == kind
        )
        rows = [(names, _(text)) for names, text in filter(None, records)]
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)


app = typer.Typer(
    name=PROGRAM,
    cls=Program,
    help=N_("The CRM of Epic Events. Without a command, opens the application."),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def command(
    name: str, text: str, *, panel: str = RECORDS, example: str = ""
) -> Callable[[Function], Function]:
    """Register a command; ``text`` is its one line of help, marked with ``N_``."""
    return app.command(name, cls=TranslatedCommand, help=text, epilog=example, rich_help_panel=panel)


def outline() -> Any:
    """The program with commands that have a name and a line of help only, as the general help shows them."""
    registered, app.registered_commands = app.registered_commands, []
    program: Any = typer.main.get_command(app)
    app.registered_commands = registered
    program.commands = {
        each.name: TranslatedCommand(each.name, help=each.help, rich_help_panel=each.rich_help_panel)
        for each in registered
    }
    return program
