"""What to do with files of data that are not read."""

from pathlib import Path

_NUMPY = "numpy.savez('data.npz', images=..., labels=...)"
_HDF5 = (
    " For HDF5: import h5py, numpy; f = h5py.File('{name}'); "
    "numpy.savez('data.npz', images=f['KEY'][:]), with KEY one of list(f)."
)
_UNPACK = " Unpack it into a folder and give that."
_FRAMES = " For a film: take frames, for instance ffmpeg -i {name} frames/%05d.png."
ADVICE = {
    **dict.fromkeys((".h5", ".hdf5", ".he5"), _HDF5),
    ".mat": " For MATLAB: numpy.savez('data.npz', images=scipy.io.loadmat('{name}')['KEY']).",
    **dict.fromkeys((".pt", ".pth", ".pkl", ".pickle"), f" Load it, then {_NUMPY}."),
    **dict.fromkeys((".tfrecord", ".tfrecords", ".parquet", ".arrow", ".mdb", ".lmdb"),
                    f" Load it with its own library, then {_NUMPY}."),
    **dict.fromkeys((".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tgz", ".tar"), _UNPACK),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".webm"), _FRAMES),
    **dict.fromkeys((".csv", ".tsv"), f" Read it with pandas, then {_NUMPY}."),
}  # fmt: skip


def advice(path: Path) -> str:
    """A sentence on how to convert the file, or nothing where none is known."""
    return ADVICE.get(path.suffix.lower(), "").replace("{name}", path.name[:60])
