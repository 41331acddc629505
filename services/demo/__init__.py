"""Sample data: a small agency in the middle of its year, for trying the program out.

A seed and a day determine the whole content. ``definitions`` loads no ORM, so that the login screen can list
the sample accounts early.
"""
