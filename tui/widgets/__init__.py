"""The widgets of the screens; they are independent of the kinds of record."""
