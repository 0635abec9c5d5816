"""Files beside images that are not read, counted by their extension."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from ganzoo.data.messages import printable

# Files that systems leave behind, without anybody's doing.
SYSTEM = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
# Files that hold no pictures; of all others nobody knows.
NO_PICTURES = frozenset({
    ".txt", ".md", ".rst", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".yaml", ".yml", ".toml",
    ".html", ".htm", ".css", ".js", ".pdf", ".doc", ".docx", ".py", ".ipynb", ".sh", ".log",
    ".ini", ".cfg", ".db", ".lnk", ".url", ".xmp", ".aae", ".md5", ".sha256", ".wav", ".mp3",
})  # fmt: skip
KINDS = 6  # Extensions that a line names.


class LeftOut:
    """Counts files that are not read, and says so."""

    def __init__(self) -> None:
        self.pictures: Counter[str] = Counter()
        self.others: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self.pictures or self.others)

    def add(self, name: str) -> None:
        """One more file, by its name; what systems leave behind does not count."""
        if name.lower() in SYSTEM:
            return
        suffix = PurePath(name).suffix
        others = self.others if suffix.lower() in NO_PICTURES else self.pictures
        others[suffix] += 1

    def lines(self) -> Iterator[str]:
        """Notes with numbers, a plain line each."""
        if self.pictures:
            one = next(iter(self.pictures))
            yield (
                f"left out: {_numbers(self.pictures)}; to use them convert them to PNG or "
                "JPEG, for instance with ImageMagick: magick mogrify -format png "
                f"{'*' + printable(one, 20) if one else '*'}"
            )
        if self.others:
            yield f"left out, as no images: {_numbers(self.others)}"


def _numbers(counts: Counter[str]) -> str:
    parts = [
        f"{count:,} {printable(suffix, 20) or 'without an extension'}"
        for suffix, count in counts.most_common(KINDS)
    ]
    rest = sum(counts.values()) - sum(count for _, count in counts.most_common(KINDS))
    return ", ".join([*parts, f"{rest:,} others"] if rest else parts)
