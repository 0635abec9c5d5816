"""Stages, phases and pauses in steps, counted by hand."""

import pytest

from ganzoo.errors import InputError
from ganzoo.schedule import Schedule
from ganzoo.training.timetable import Timetable


def test_steps_and_kimg_are_of_the_images_that_a_step_shows():
    table = Timetable(Schedule.parse("8:0.1,16:0.2"), images_a_step=8)
    assert table.stage_ends == [12, 38]  # 100 / 8 = 12.5, which rounds to even; 300 / 8.
    assert [table.kimg(step) for step in (0, 1, 38)] == [0.0, 0.008, 0.304]
    assert [table.steps(kimg) for kimg in (0.001, 0.008, 0.08)] == [1, 1, 10]


def test_a_stage_shorter_than_a_step_has_one():
    table = Timetable(Schedule.parse("8:0.001,16:0.001,32:0.02"), images_a_step=4)
    assert table.stage_ends == [1, 2, 6]


@pytest.mark.parametrize(("interval", "marks"), [(0.016, [2, 4, 6, 8]), (0.02, [2, 5, 8])])
def test_marks_are_multiples_of_an_interval_and_ends_of_stages(interval, marks):
    table = Timetable(Schedule.parse("8:0.024,16:0.04"), images_a_step=8)
    after, step = [], 0
    while step < 8:
        step = table.after(step, interval)
        after.append(step)
    assert after == marks
    expected = sorted({*marks, 3, 8})
    assert [step for step in range(1, 9) if table.is_mark(step, interval)] == expected


@pytest.mark.parametrize("interval", [0.008, 1e-12, 1e-300, 5e-324])
def test_an_interval_shorter_than_a_step_is_a_mark_at_each_step(interval):
    table = Timetable(Schedule.parse("8:1000000"), images_a_step=8)
    for step in (0, 1, 124_999_998):
        assert table.after(step, interval) == step + 1
        assert table.is_mark(step + 1, interval)


def test_marks_are_found_far_into_a_run_without_counting_to_them():
    table = Timetable(Schedule.parse("8:2147483"), images_a_step=2)
    assert table.after(10**9 - 1, 0.003) == 10**9  # Each 1.5 steps: 1000000000.5.
    assert table.after(10**9, 2147483647) == 1_073_741_823_500


@pytest.mark.parametrize("schedule", ["8:2147484", "8:1500000,16:1500000", "5000:1"])
def test_what_a_model_cannot_count_is_refused(schedule):
    with pytest.raises(InputError, match="at most"):
        Schedule.parse(schedule)


@pytest.mark.parametrize("images_a_step", [1, 8, 32, 96, 160, 999, 5000])
def test_names_sort_as_the_steps_and_are_whole_at_whole_marks(images_a_step):
    table = Timetable(Schedule.parse("8:400"), images_a_step)
    names = [table.name(step) for step in range(1, 3000)]
    assert names == sorted(names) and len(set(names)) == len(names)
    for kimg in (30, 60, 90):
        assert table.name(table.steps(kimg)) == (
            f"{kimg:06d}" if images_a_step < 1000 else f"{5 * round(kimg / 5):06d}"
        )


@pytest.mark.parametrize(
    ("schedule", "intervals", "names"),
    [
        # 42.5 kimg is between two snapshots.
        ("8:42.5,16:7.5", (30, 5), ["000005", "000030", "000042.496"]),
        # 42.5 would come before 42: as files, `000042.496.png` sorts before `000042.png`.
        ("8:42.5,16:7.5", (6, 5), ["000004.992", "000030.016", "000042.496"]),
        ("8:50", (0.5, 5), ["000004.992", "000030.016", "000042.496"]),
    ],
)
def test_file_names_of_a_run_sort_with_their_suffix(schedule, intervals, names):
    table = Timetable(Schedule.parse(schedule), images_a_step=32)
    made = [table.file_name(table.steps(kimg), *intervals) for kimg in (5, 30, 42.5)]
    assert made == names
    marks = [s for s in range(1, 1563) if any(table.is_mark(s, i) for i in intervals)]
    files = [f"fakes{table.file_name(step, *intervals)}.png" for step in marks]
    assert files == sorted(files) and len(set(files)) == len(files)
