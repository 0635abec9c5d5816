"""Names of files and folders, as texts that every file can hold."""


def utf8(name: str) -> str:
    """`name`, in which bytes that are no UTF-8 are written out, as `\\udce9`."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
