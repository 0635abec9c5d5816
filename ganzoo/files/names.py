"""Names of files and folders, as texts that every file can hold."""


def utf8(name: str) -> str:
    """`name`, in which bytes that are no UTF-8 are written out, as `\\udce9`."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def brief(value: object, longest: int = 80) -> str:
    """`value` as Python writes it, in one line of a message; its middle is left out if long.

    A whole number of very many digits is told by its bits: Python refuses to write it.
    """
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a whole number of {value.bit_length():,} bits"
    return shortened(repr(value), longest)


def shortened(text: str, longest: int = 80) -> str:
    """`text`, of which the middle is left out if it has more than `longest` characters.

    The end is twice as long as the beginning: of a path it is the file's name.
    """
    if len(text) <= longest:
        return text
    end = (longest - 3) * 2 // 3
    return f"{text[: longest - 3 - end]}...{text[-end:]}"


def clean(text: str) -> str:
    """`text` in one line that every terminal and file can hold, without control characters."""
    plain = "".join(c if c.isprintable() else " " for c in utf8(text))
    return " ".join(plain.split())
