"""A run whose model has an encoder: it resumes, reconstructs, encodes, samples and exports."""

import json

import numpy as np
import pytest

from ganzoo.data.sheet import plain_sheet
from ganzoo.training import checkpoint
from ganzoo.training.run import Run


@pytest.mark.parametrize(
    ("model", "loss"),
    [
        ("vae", ()),
        pytest.param("vae-gan", ("--loss", "hinge"), marks=pytest.mark.thorough),
    ],
)
def test_it_goes_on_bit_for_bit_and_encodes(ganzoo, small, squares, model, loss):
    common = small[: small.index("--loss")]
    trained = ganzoo("train", *common, "--model", f"{model}:beta=2", *loss)
    assert trained.exit_code == 0, trained.output
    run = Run("-".join(["runs/00000-squares", model, *loss[1:]]))
    assert json.loads((run.path / "config.json").read_text())["model"] == f"{model}:beta=2"
    last = json.loads((run.path / "losses.jsonl").read_text().splitlines()[-1])
    assert last["reconstruction"] > 0 and last["kl"] > 0
    # Pairs: in even columns real images, of 16 px with a gap of 2.
    sheets = sorted(run.path.glob("reconstructions*.png"))
    assert len(sheets) == 2
    sheet = np.asarray(plain_sheet(sheets[-1]))
    with np.load(squares) as file:
        assert (sheet[2:18, 2:18] == file["images"][0]).all()
        assert (sheet[2:18, 38:54] == file["images"][1]).all()
    weights = checkpoint.load(run.checkpoints[-1])[0]
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    assert ganzoo("train", "--resume", run.path).exit_code == 0
    again = checkpoint.load(run.checkpoints[-1])[0]
    assert weights.keys() == again.keys()
    assert all(np.array_equal(weights[name], again[name]) for name in weights)
    encoded = ganzoo("encode", run.path, squares, "--out", "codes.npz")
    assert encoded.exit_code == 0 and encoded.output == "32 latents in codes.npz\n"
    with np.load("codes.npz") as file, np.load(squares) as real:
        assert file["latents"].shape == (32, 8) and file["latents"].dtype == np.float32
        assert np.array_equal(file["images"][..., 0], real["images"])
        assert len(np.unique(file["latents"], axis=0)) > 16
    exported = ganzoo("export", run.path, "--out", "a.keras")
    assert exported.exit_code == 0 and "within 0 of 255" in exported.output


def test_a_run_without_an_encoder_is_refused_in_a_line(ganzoo, run, squares):
    refused = ganzoo("encode", run, squares)
    assert refused.exit_code == 2 and len(refused.stderr.strip().splitlines()) == 1
    assert "the model 'gan' does not encode images" in refused.stderr
    named = ganzoo("encode", run, squares, "--out", "codes.png")
    assert named.exit_code == 2 and "--out codes.npz" in named.stderr
