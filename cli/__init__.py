"""What a script calls: the services behind commands.

Built on Typer. Loading this package loads neither Textual, the ORM nor sentry-sdk; a command imports
the services it calls when it runs, so that ``epicevents --help`` answers at once.
"""
