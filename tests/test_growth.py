import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InputError
from ganzoo.growth import Fade
from ganzoo.schedule import Schedule, Stage

pytestmark = pytest.mark.backends


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1), "at least 1"),
        ((28, 0), "positive length"),
        ((28, -1), "positive length"),
        ((28, float("nan")), "positive length"),
        ((28, float("inf")), "positive length"),
        ((28, 10, -1), "from 0 to 10 kimg"),
        ((28, 10, 10.5), "from 0 to 10 kimg"),
        ((28, 10, float("nan")), "from 0 to 10 kimg"),
    ],
)
def test_a_stage_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        Stage(*arguments)


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ((), "at least one stage"),
        ((Stage(28, 10, 5),), "first stage cannot fade"),
        ((Stage(28, 10), Stage(28, 10)), "after 28 comes 56. Received: 28"),
        ((Stage(28, 10), Stage(112, 10)), "after 28 comes 56. Received: 112"),
        ((Stage(56, 10), Stage(28, 10)), "after 56 comes 112. Received: 28"),
    ],
)
def test_stages_that_do_not_double_are_refused(stages, message):
    with pytest.raises(InputError, match=message):
        Schedule(*stages)


def test_a_schedule_is_a_sequence_of_stages():
    schedule = Schedule(Stage(28, 60), Stage(56, 61, 24))
    assert list(schedule) == [schedule[0], schedule[1]] == [Stage(28, 60), Stage(56, 61, 24)]
    assert len(schedule) == 2
    assert schedule.kimg == 121


@pytest.mark.parametrize("text", ["28:60", "28:60,56:60:24", "7:0.5,14:1.25:0.125,28:1e-03"])
def test_text_becomes_a_schedule_and_comes_back(text):
    schedule = Schedule.parse(text)
    assert list(Schedule.parse(str(schedule))) == list(schedule)
    if "e" not in text:
        assert str(schedule) == text


@pytest.mark.parametrize("kimg", [1, 100 / 3, 1234.567, 1_234_567, 0.1 + 0.2])
def test_no_length_is_rounded_in_the_text(kimg):
    schedule = Schedule.parse("28:60,56:60:24").scaled_to(kimg)
    assert list(Schedule.parse(str(schedule))) == list(schedule)


@pytest.mark.parametrize(
    "text", ["", "28", "28:", "28:x", "x:60", "28.5:60", "28:60:1:2", "28:60,", "28:60;56:60"]
)
def test_text_that_is_no_schedule_is_refused_with_an_example(text):
    with pytest.raises(InputError, match="28:60,56:60:24"):
        Schedule.parse(text)


def test_text_with_a_bad_stage_keeps_that_stages_message():
    with pytest.raises(InputError, match=r"from 0 to 60\.0 kimg"):
        Schedule.parse("28:60,56:60:61")


def test_scaling_keeps_the_shape():
    scaled = Schedule.parse("28:60,56:60:24").scaled_to(12)
    assert [(s.resolution, s.kimg, s.fade) for s in scaled] == [
        (28, pytest.approx(6), 0),
        (56, pytest.approx(6), pytest.approx(2.4)),
    ]
    assert str(Schedule.parse("28:60,56:80:40").scaled_to(5)) == "28:2.143,56:2.857:1.429"
    tiny = Schedule.parse("28:60,56:60:24").scaled_to(0.0004)
    assert all(stage.kimg > 0 for stage in tiny) and tiny.kimg == pytest.approx(0.0004)


def test_without_growth_the_last_resolution_has_the_whole_budget():
    assert list(Schedule.parse("28:60,56:61:24").without_growth()) == [Stage(56, 121)]


# The fade.


def faded(fade, old, new):
    return ops.convert_to_numpy(fade(ops.convert_to_tensor(old), ops.convert_to_tensor(new)))


def test_both_ends_are_exact_bit_for_bit():
    rng = np.random.default_rng(0)
    old = rng.normal(size=(64,)).astype("float32") * np.float32(10) ** rng.integers(-30, 37, 64)
    old = old.astype("float32")
    new = np.flip(old) * np.float32(-1.7)
    new[:2] = np.finfo("float32").max, -np.finfo("float32").max
    fade = Fade(1000)
    assert faded(fade, old, new).tobytes() == old.tobytes()
    fade.advance(1000)
    assert faded(fade, old, new).tobytes() == new.tobytes()


def test_alpha_counts_images_and_stops_at_one():
    fade = Fade(1000)
    alphas = []
    for images in (250, 250, 300, 300, 10**6):
        fade.advance(images)
        alphas.append(float(ops.convert_to_numpy(fade.alpha)))
    np.testing.assert_allclose(alphas, [0.25, 0.5, 0.8, 1, 1], rtol=1e-6)


def test_between_the_ends_it_is_the_straight_line():
    fade = Fade(1000)
    fade.advance(250)
    old, new = np.float32([1, -2, 0]), np.float32([5, 2, -8])
    np.testing.assert_allclose(faded(fade, old, new), [2, -1, -2], rtol=1e-6)


def test_its_counter_is_state_that_no_optimizer_touches():
    fade = Fade(1000)
    assert [v is fade.seen for v in fade.non_trainable_variables] == [True]
    assert fade.trainable_variables == []


def test_a_fade_goes_through_keras_saving():
    fade = Fade(1000, name="fade_56")
    saved = keras.saving.serialize_keras_object(fade)
    loaded = keras.saving.deserialize_keras_object(saved)
    assert (loaded.span, loaded.name) == (1000, "fade_56")
