"""The Textual application, its screens and widgets. Knows services and models.

Nothing here imports the ORM, sentry-sdk, babel or alembic at module level: the first frame must not wait
for them. Code that needs them is called in a thread worker, after the warm-up.
"""
