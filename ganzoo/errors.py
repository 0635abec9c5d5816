"""The two ways in which ganzoo stops on purpose.

Both carry one line for a person: what is wrong, where, and what to do instead.
The command line prints that line alone; in a program they are ordinary errors.
"""


class InputError(ValueError):
    """Something that was given cannot be used. The command line exits with 2."""


class RunError(RuntimeError):
    """Work that had begun could not go on. The command line exits with 1."""


def first_line(error: BaseException) -> str:
    """The class of a foreign error and the first line of what it says, shortened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return text if len(text) <= 200 else f"{text[:197]}..."
