"""The command line over the services.

Built on Typer. Loading this package loads neither Textual, the ORM nor sentry-sdk; a command imports its
services when it runs, so that ``epicevents --help`` answers at once.
"""
