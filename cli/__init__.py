"""The command line over the services.

It is built on Typer. A command imports its services when it runs, so that ``epicevents --help`` loads neither
Textual, the ORM nor sentry-sdk.
"""
