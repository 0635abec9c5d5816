"""`ganzoo demo` refuses what it cannot show before it exports anything."""


def refused(ganzoo, *arguments):
    result = ganzoo("demo", *map(str, arguments))
    assert result.exit_code == 2 and len(result.stderr.splitlines()) <= 3, result.output
    return " ".join(result.stderr.split())


def test_a_folder_that_is_there_is_not_written_over(ganzoo, run, tmp_path):
    assert "is there already. Give a new name." in refused(ganzoo, run, "--out", tmp_path)


def test_a_folder_without_the_runtime_is_named(ganzoo, run, tmp_path):
    out = tmp_path / "page"
    said = refused(ganzoo, run, "--out", out, "--runtime", tmp_path)
    assert "npm install onnxruntime-web@" in said and not out.exists()


def test_what_is_no_run_is_refused(ganzoo, tmp_path):
    assert str(tmp_path) in refused(ganzoo, tmp_path)
