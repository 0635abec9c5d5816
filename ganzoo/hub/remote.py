"""Pushes releases to a hub, and pulls them."""

import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError, RunError, first_line
from ganzoo.hub.card import made_by
from ganzoo.hub.release import FILES, read_release, write_release
from ganzoo.training.run import Run

MODULES = ("huggingface_hub", "safetensors")


def check_modules() -> None:
    """Raises `InputError` if a library is not installed."""
    missing = [module for module in MODULES if importlib.util.find_spec(module) is None]
    if missing:
        raise InputError(
            f"Needs {' and '.join(missing)}, not installed here. Run: pip install 'ganzoo[hub]'"
        )


def push(
    run: Run,
    name: str,
    checkpoint: str | None = None,
    public: bool = False,
    endpoint: str | None = None,
) -> str:
    """Upload a run's generator.

    Args:
        run: The run.
        name: The repository, such as `"somebody/letters"`; made if need be.
        checkpoint: Name of the checkpoint; `None` for the newest.
        public: Whether a new repository is for everybody to see.
        endpoint: Address of the hub; `None`: as `HF_ENDPOINT` says.

    Returns:
        Where it is.

    Raises:
        InputError: If the checkpoint cannot be used, or a library is missing.
        RunError: If the hub refuses it or does not answer.
    """
    check_modules()
    from huggingface_hub import HfApi

    api = HfApi(endpoint=endpoint)
    with tempfile.TemporaryDirectory(prefix="ganzoo-push-") as folder:
        write_release(run, Path(folder), name, checkpoint)
        with _answering(name):
            api.create_repo(name, private=not public, exist_ok=True)
            done = api.upload_folder(repo_id=name, folder_path=folder, commit_message=made_by())
    return str(done.commit_url)


def pull(
    name: str, outdir: Path, revision: str | None = None, endpoint: str | None = None
) -> Run:
    """Download a generator as a new run; files of no other names are fetched.

    Args:
        name: The repository.
        outdir: Where the run's folder is made.
        revision: A branch, a tag or a commit; `None` for the newest.
        endpoint: Address of the hub; `None`: as `HF_ENDPOINT` says.

    Raises:
        InputError: If the folder is there already, the repository holds no generator of ganzoo,
            or its config names a module that has not been allowed.
        RunError: If the hub does not have it or does not answer.
    """
    check_modules()
    path = _new(outdir, name.replace("/", "--"))
    found = find(name, revision, endpoint)
    return fetch(found, name, path, endpoint)


def copy(folder: Path, outdir: Path) -> Run:
    """Make a run of a release on this machine, under its name.

    Raises:
        InputError: As of `pull`.
    """
    check_modules()
    path = _new(outdir, folder.resolve().name)
    return read_release(folder, path)


def _new(outdir: Path, name: str) -> Path:
    if (path := outdir / name).exists():
        raise InputError(f"{str(path)!r} is there already. Move it away, or give --outdir.")
    return path


def find(name: str, revision: str | None = None, endpoint: str | None = None) -> Any:
    """What the hub says of a repository: its commit `sha`, and its files.

    Raises:
        InputError: If it is no name of a repository.
        RunError: If the hub does not have it or does not answer.
    """
    from huggingface_hub import HfApi

    with _answering(name):
        return HfApi(endpoint=endpoint).model_info(name, revision=revision)


def fetch(found: Any, name: str, path: Path, endpoint: str | None = None) -> Run:
    """Make the run `path` of the files that `find` has found; of no others.

    Raises:
        InputError: If they are no generator of ganzoo, or its config names a module that has
            not been allowed.
        RunError: If the hub does not answer.
    """
    from huggingface_hub import hf_hub_download

    there = {each.rfilename for each in found.siblings or ()}
    with tempfile.TemporaryDirectory(prefix="ganzoo-pull-") as folder:
        with _answering(name):
            for file in FILES:
                if file in there:  # Of one commit, whatever is pushed meanwhile.
                    hf_hub_download(
                        name, file, revision=found.sha, endpoint=endpoint, local_dir=folder
                    )
        return read_release(Path(folder), path)


def check_name(name: str) -> None:
    """Raises `InputError` if it is no name of a repository."""
    from huggingface_hub.utils import validate_repo_id

    with _answering(name):
        validate_repo_id(name)


def address(endpoint: str | None = None) -> str:
    """Where the hub is."""
    from huggingface_hub import HfApi

    return str(HfApi(endpoint=endpoint).endpoint)


@contextmanager
def _answering(name: str) -> Iterator[None]:
    """What a hub refuses, or a network does, as one line."""
    from huggingface_hub.errors import HFValidationError

    try:
        yield
    except HFValidationError as error:
        raise InputError(f"{name!r} is no name of a repository: {first_line(error)}") from error
    except Exception as error:  # Of the library, of its transport, of the system.
        raise RunError(f"{name}: {first_line(error)}") from error
