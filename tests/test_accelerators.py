"""GPUs that are there are named, and said where they are not used."""

import pytest

from ganzoo import accelerators
from ganzoo.accelerators import idle


@pytest.fixture
def h200(tmp_path, monkeypatch):
    """A machine on which NVIDIA's driver knows one H200."""
    (tmp_path / "0000:01:00.0").mkdir()
    text = "Model: \t\t NVIDIA H200\nIRQ:   \t\t 42\n"
    (tmp_path / "0000:01:00.0" / "information").write_text(text)
    monkeypatch.setattr(accelerators, "NVIDIA", tmp_path)
    monkeypatch.setattr(accelerators.platform, "system", lambda: "Linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_an_idle_gpu_is_said_with_the_remedy(h200, backend):
    assert accelerators.accelerators() == ["NVIDIA H200"]
    said = idle("cpu", backend)
    assert said.startswith(f"NVIDIA H200 is here, and {backend} does not use it: pip install ")
    assert idle("NVIDIA H200", backend) is None


@pytest.mark.parametrize("hidden", ["", "-1"])
def test_a_gpu_that_somebody_hid_is_not_missed(h200, hidden, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert accelerators.accelerators() == [] and idle("cpu", "jax") is None


def test_without_the_driver_s_files_its_tool_is_asked(tmp_path, monkeypatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho NVIDIA A100\necho NVIDIA A100\n")
    tool.chmod(0o755)
    monkeypatch.setattr(accelerators, "NVIDIA", tmp_path / "none")
    monkeypatch.setattr(accelerators.platform, "system", lambda: "Linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert accelerators.accelerators() == ["NVIDIA A100", "NVIDIA A100"]
    tool.write_text("#!/bin/sh\nexit 9\n")
    monkeypatch.setattr(accelerators, "AMD", tmp_path / "none")
    assert accelerators.accelerators() == []
