"""The two ways in which ganzoo stops on purpose.

Both carry one line for a person: what is wrong, where, and what to do instead.
The command line prints that line alone; in a program they are ordinary errors.
"""


class InputError(ValueError):
    """Something that was given cannot be used. The command line exits with 2."""


class RunError(RuntimeError):
    """Work that had begun could not go on. The command line exits with 1."""
