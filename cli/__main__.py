"""``python -m cli``: the installed command, from a checkout."""

from cli.main import main

main()
