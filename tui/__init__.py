"""What one sees: the Textual application, its screens and widgets. Knows services and models.

Nothing here imports the ORM, sentry-sdk, babel or alembic at module level: the first frame must not wait
for them. Whatever needs them is called in a thread worker, after the warm-up.
"""
