"""GPUs that the machine has, whether or not a backend can use them."""

import os
import platform
import subprocess
from pathlib import Path

NVIDIA = Path("/proc/driver/nvidia/gpus")
AMD = Path("/dev/kfd")
# What each backend needs to compute on an NVIDIA GPU.
REMEDIES = {
    "tensorflow": "pip install 'ganzoo[cuda]'",
    "jax": "pip install 'ganzoo[jax-cuda]'",
    "torch": "pip install torch, from an index with CUDA builds: see pytorch.org",
}


def accelerators() -> list[str]:
    """Names of the GPUs that the drivers know, such as `"NVIDIA H200"`; no framework is asked.

    GPUs that `CUDA_VISIBLE_DEVICES` hides are left out: somebody chose not to use them.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return []
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return ["Apple GPU"]
    return _nvidia() or (["AMD GPU"] if AMD.exists() else [])


def _nvidia() -> list[str]:
    """Names from the driver's files; where a container hides these, from `nvidia-smi`."""
    found = []
    for file in sorted(NVIDIA.glob("*/information")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key == "Model":
                found.append(value.strip())
    return found or _nvidia_smi()


def _nvidia_smi() -> list[str]:
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # Not there, or without a driver.
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def idle(device: str, backend: str) -> str | None:
    """A sentence on a GPU that is there while `device` computes; `None` if all is well.

    Args:
        device: What the backend computes on, as `ganzoo.backend.device()` says.
        backend: Name of the backend.
    """
    found = accelerators()
    if device != "cpu" or not found:
        return None
    remedy = f": {REMEDIES[backend]}" if found[0].startswith("NVIDIA") else ""
    return f"{found[0]} is here, and {backend} does not use it{remedy}"
