"""Names of files and folders, as texts that every file can hold."""


def utf8(name: str) -> str:
    """`name`, in which bytes that are no UTF-8 are written out, as `\\udce9`."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def brief(value: object, longest: int = 80) -> str:
    """`value` as Python writes it, in one line of a message; its middle is left out if long."""
    text = repr(value)
    half = (longest - 3) // 2
    return text if len(text) <= longest else f"{text[:half]}...{text[-half:]}"


def clean(text: str) -> str:
    """`text` in one line that every terminal and file can hold, without control characters."""
    plain = "".join(c if c.isprintable() else " " for c in utf8(text))
    return " ".join(plain.split())
