"""Figures that papers publish, which other libraries measure.

An FID compares with published ones only if it is made with the same weights of Inception and
the same resizing (Parmar et al., arXiv:2104.11222). So ganzoo measures none: it writes images
into two folders and names a kept library and its command, and runs it where it is installed.

A further figure is a further entry of `PUBLISHED`.
"""

import importlib.util
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganzoo.errors import RunError

USUAL = 50_000  # Images of either kind behind most published figures.
LONGEST = 200  # Characters of a library's own message.


@dataclass(frozen=True)
class Published:
    """A figure, and the library that measures it.

    Attributes:
        name: What a person asks for.
        title: What the figure is called.
        library: What `pip install` is given.
        module: What is imported, and says that the library is installed.
        typed: How a person begins the command.
        started: How Python is begun in its place, without its own name.
        arguments: The rest, of the folders of generated and of real images.
        quiet: What is added where the answer is read by `read`.
        read: The figure, from what the command prints.
    """

    name: str
    title: str
    library: str
    module: str
    typed: tuple[str, ...]
    started: tuple[str, ...]
    arguments: Callable[[str, str], list[str]]
    quiet: tuple[str, ...]
    read: Callable[[str], float]

    def command(self, generated: Path, real: Path) -> str:
        """What a person types."""
        return shlex.join([*self.typed, *self.arguments(str(generated), str(real))])

    @property
    def installed(self) -> bool:
        """Whether the library can be imported, as far as can be told without doing it."""
        return importlib.util.find_spec(self.module) is not None

    def measure(self, generated: Path, real: Path) -> float:
        """The figure, by the library, in a process of its own.

        Raises:
            RunError: If the library fails, with the last line that it says.
        """
        rest = [*self.arguments(str(generated), str(real)), *self.quiet]
        done = subprocess.run(
            [sys.executable, *self.started, *rest],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
        )
        try:
            if done.returncode == 0:
                return self.read(done.stdout)
            said = done.stderr
        except (ValueError, KeyError, IndexError):
            said = done.stdout or "it printed nothing"
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "no reason")
        raise RunError(
            f"{self.title} could not be measured: {self.library} ended with "
            f"{' '.join(last.split())[:LONGEST]!r}. Mend that, or measure elsewhere: "
            f"{self.command(generated, real)}"
        )

    @property
    def version(self) -> str:
        """The library and its version."""
        from importlib.metadata import version  # Slow, and seldom asked for.

        return f"{self.library} {version(self.library)}"


def _of_torch_fidelity(printed: str) -> float:
    return float(json.loads(printed[printed.index("{") :])["frechet_inception_distance"])


def _clean_fid(generated: str, real: str) -> list[str]:
    options = 'device="cpu", use_dataparallel=False, num_workers=0, verbose=False'
    call = f"print(fid.compute_fid(*sys.argv[1:], {options}))"
    return ["-c", f"import sys; from cleanfid import fid; {call}", generated, real]


PUBLISHED = {
    entry.name: entry
    for entry in (
        # The weights and the resizing of the first FIDs (Heusel et al., arXiv:1706.08500).
        Published(
            name="fid",
            title="FID",
            library="torch-fidelity",
            module="torch_fidelity",
            typed=("fidelity",),
            started=("-m", "torch_fidelity.fidelity"),
            arguments=lambda made, real: ["--fid", "--cpu", "--input1", made, "--input2", real],
            quiet=("--json", "--silent"),
            read=_of_torch_fidelity,
        ),
        # The same weights, and images resized without aliases (Parmar et al.).
        Published(
            name="clean-fid",
            title="Clean-FID",
            library="clean-fid",
            module="cleanfid",
            typed=("python",),
            started=(),
            arguments=_clean_fid,
            quiet=(),
            read=lambda printed: float(printed.split()[-1]),
        ),
    )
}
