"""What a fit of features tells while it runs."""

from ganzoo.metrics import fit_features


def test_a_fit_says_every_ten_seconds_how_far_it_is(monkeypatch):
    seconds = iter([30.0, *range(31, 50)])  # The first step ends at 30, the others take one.
    monkeypatch.setattr(fit_features.time, "monotonic", lambda: next(seconds))
    lines = []
    shown = fit_features.FitProgress(20, lines.append)
    for step in range(20):
        shown.on_train_batch_end(step)
    assert lines == ["step 11 of 20, about 9 s left"]
