"""Callbacks for notebooks: sheets, plots and measures of each epoch."""

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

import ganzoo
from ganzoo.callbacks import LossPlot, Measures, SampleSheet
from ganzoo.errors import InputError


def make(channels=1):
    latents = keras.Input((4,))
    pixels = layers.Dense(28 * 28 * channels, activation="tanh")(latents)
    generator = keras.Model(latents, layers.Reshape((28, 28, channels))(pixels))
    image = keras.Input((28, 28, channels))
    discriminator = keras.Model(image, layers.Dense(1)(layers.Flatten()(image)))
    model = ganzoo.GANModel(generator, discriminator, "hinge")
    model.compile("adam", "adam", run_eagerly=True)
    return model


@pytest.fixture(scope="module")
def data():
    return ganzoo.data.load("unown", 28, per_class=2)


def test_sheets_plot_and_measures_of_each_epoch(data, tmp_path, capsys):
    model = make()
    measures = Measures(data, count=20)
    stop = keras.callbacks.EarlyStopping("kid", mode="min", min_delta=1e9)
    history = model.fit(
        data.images,
        batch_size=28,
        epochs=5,
        verbose=0,
        # `stop` watches what comes after it in the list.
        callbacks=[stop, SampleSheet(folder=tmp_path), LossPlot(tmp_path / "l.png"), measures],
    ).history
    assert len(history["kid"]) == 2  # So large a step is never an improvement.
    assert history["kid"] == [measures.results[epoch]["kid"] for epoch in (0, 1)]
    assert {"frechet", "precision", "recall", "coverage", "modes"} <= set(history)
    assert "Epoch 2: " in capsys.readouterr().out
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["l.png", "samples_0001.png", "samples_0002.png"]
    one, two = (np.array(Image.open(tmp_path / name)) for name in names[1:])
    # 7 columns of 28 + 2 pixels, and 2: a whole number of times as large.
    assert one.shape == two.shape == (3 * 122, 3 * 212) and (one != two).any()
    assert Image.open(tmp_path / "l.png").size == (800, 500)


def test_a_sheet_of_images_that_are_neither_gray_nor_rgb_is_refused_at_the_start(tmp_path):
    model = make(channels=2)
    with pytest.raises(InputError, match="The generator's have 2"):
        model.fit(np.zeros((8, 28, 28, 2), "uint8"), callbacks=[SampleSheet()], verbose=0)
    assert int(model.iteration) == 0


def test_in_a_notebook_pictures_are_shown_in_one_place(tmp_path, monkeypatch):
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell.instance()
    try:
        shell.kernel = object()  # What tells a notebook from a terminal.
        with capture_output() as shown:
            make().fit(
                np.zeros((8, 28, 28, 1), "uint8"),
                epochs=2,
                callbacks=[SampleSheet()],
                verbose=0,
            )
    finally:
        InteractiveShell.clear_instance()
    assert ["image/png" in output.data for output in shown.outputs] == [True, True]
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_used_is_refused_at_once():
    with pytest.raises(InputError, match="its name or path"):
        Measures(np.zeros((3, 28, 28, 1)))
    with pytest.raises(InputError, match="`columns` is a whole number, 1 or more"):
        SampleSheet(columns=0)


def test_a_second_fit_begins_the_plot_anew_and_a_later_one_goes_on(tmp_path):
    plot = LossPlot(tmp_path / "losses.png", every=9)
    for first, last in ((0, 3), (3, 4), (0, 2)):
        for epoch in range(first, last):
            plot.on_epoch_end(epoch, {"d_loss": float(epoch)})
        assert plot.epochs == list(range(1, last + 1))
    assert plot.figures == [{"d_loss": 0.0}, {"d_loss": 1.0}]
