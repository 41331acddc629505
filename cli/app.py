"""The Typer application: the options before a command, and the declaration of commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer

from cli import console, context, exit_codes
from cli.launch_app import open_application
from cli.lazy_group import DECLARED, LazyGroup
from cli.process import activate_language
from cli.translated_help import TranslatedCommand, TranslatedHelp
from services.i18n import N_, _

PROGRAM: Final = "epicevents"
ACCOUNT: Final = N_("Account")
RECORDS: Final = N_("Clients, contracts, events, notes and tasks")
TEAM: Final = N_("Team and journal")
INSTALLATION: Final = N_("Installation")

Function = TypeVar("Function", bound=Callable[..., object])


class Program(TranslatedHelp, LazyGroup):
    """The group of all commands. It activates the language, and turns every outcome into an exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run one command and exit with its code, as :mod:`cli.exit_codes` explains."""
        activate_language()
        arguments = list(sys.argv[1:] if args is None else args)
        console.use_json_errors("--json" in arguments)

        def run() -> None:
            self._main_shell_completion(extra, PROGRAM, complete_var)
            with self.make_context(PROGRAM, arguments, **extra) as ctx:
                self.invoke(ctx)

        sys.exit(exit_codes.exit_code_of(run))

    def get_params(self, ctx: Any) -> Any:
        """The program's own options. For a flag without a default, Typer would load Pydantic, in 0.1 s."""
        parameters: list[Any] = list(super().get_params(ctx))
        for parameter in parameters:
            if parameter.default is None and parameter.type_descriptor.annotation is bool:
                parameter.default = False
        return parameters

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, then the commands in their panels."""
        super().format_options(ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        width = max(len(name) for name, _command in commands)
        for panel in (ACCOUNT, RECORDS, TEAM, INSTALLATION):
            rows = [
                (name.ljust(width), _(command.help))
                for name, command in commands
                if command.rich_help_panel == panel
            ]
            with formatter.section(_(panel)):
                formatter.write_dl(rows)


app = typer.Typer(
    name=PROGRAM,
    cls=Program,
    help=N_("The CRM of Epic Events. Without a command, opens the application."),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from services.settings.variables import shown_version

        typer.echo(shown_version())
        raise typer.Exit


@app.callback(invoke_without_command=True)
def program(
    ctx: typer.Context,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=N_("Show only warnings and errors."))] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=N_("Show the version and exit.")
        ),
    ] = False,
) -> None:
    """Open the application if no command is given."""
    console.set_quiet(quiet)
    context.command = ctx.invoked_subcommand or ""
    if ctx.invoked_subcommand is None:
        raise typer.Exit(open_application())


def command(
    name: str, text: str, *, panel: str = RECORDS, example: str = ""
) -> Callable[[Function], Function]:
    """Declare a command; ``text`` is its one line of help, marked with ``N_``."""
    declared = DECLARED[name] = typer.Typer(add_completion=False, rich_markup_mode=None)
    return declared.command(name, cls=TranslatedCommand, help=text, epilog=example, rich_help_panel=panel)
