"""`python -m ganzoo` is `ganzoo`."""

import os
import sys

# `python -m` puts the current folder first on the path: any file there that is called like a
# module which some library imports would be run. In a clone that folder holds ganzoo itself.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != ROOT:
    del sys.path[0]

from ganzoo.cli import main  # noqa: E402

main(prog_name="ganzoo")
