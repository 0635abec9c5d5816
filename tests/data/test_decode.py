"""One encoded image to pixels: every mode exactly, every defect in one line."""

import io
import struct
import threading
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from ganzoo.data.decode import decode
from ganzoo.data.notes import Notes
from ganzoo.errors import InputError

RAMP = np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)
COLOUR = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)


def encoded(image: Image.Image, format: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def refusal(data: bytes, name: str = "photos.zip: cats/3.png") -> str:
    with pytest.raises(InputError) as caught:
        decode(data, name)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_gray_comes_back_bit_for_bit(format):
    pixels = decode(encoded(Image.fromarray(RAMP), format), "gray")
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels.max(2), RAMP)
    np.testing.assert_array_equal(pixels.min(2), RAMP)


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "PPM"])
def test_colour_comes_back_bit_for_bit(format):
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(COLOUR), format), "x"), COLOUR)


def test_lossless_webp_comes_back_bit_for_bit():
    data = encoded(Image.fromarray(COLOUR), "WEBP", lossless=True)
    np.testing.assert_array_equal(decode(data, "x"), COLOUR)


def test_one_bit_is_black_and_white():
    bits = RAMP > 100
    pixels = decode(encoded(Image.fromarray(bits)), "x")
    np.testing.assert_array_equal(pixels[:, :, 0], np.where(bits, 255, 0))
    assert pixels.shape == (4, 6, 1)


def palette_image() -> Image.Image:
    image = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8)).convert("P")
    image.putpalette([10, 20, 30, 200, 100, 50, 255, 255, 255])
    return image


def test_palette_gives_its_colours():
    pixels = decode(encoded(palette_image()), "x")
    expected = [[[10, 20, 30], [200, 100, 50]], [[255, 255, 255], [200, 100, 50]]]
    np.testing.assert_array_equal(pixels, expected)


def test_transparent_palette_entries_are_laid_over_black():
    notes = Notes()
    data = encoded(palette_image(), transparency=bytes([255, 0, 102]))
    expected = [[[10, 20, 30], [0, 0, 0]], [[102, 102, 102], [0, 0, 0]]]
    np.testing.assert_array_equal(decode(data, "x", notes), expected)
    assert notes.phrases == {
        "partly transparent: laid over black (--background chooses the colour)": 1
    }


def test_alpha_is_laid_over_black_and_rounded():
    layers = np.array([[[255, 100, 1, 128], [9, 9, 9, 0], [7, 8, 9, 255]]], np.uint8)
    pixels = decode(encoded(Image.fromarray(layers)), "x")
    np.testing.assert_array_equal(pixels, [[[128, 50, 1], [0, 0, 0], [7, 8, 9]]])


def test_gray_with_alpha_stays_one_channel():
    image = Image.merge("LA", (Image.fromarray(RAMP), Image.new("L", (6, 4), 51)))
    pixels = decode(encoded(image), "x")
    np.testing.assert_array_equal(pixels[:, :, 0], RAMP // 5)
    assert pixels.shape == (4, 6, 1)


def test_opaque_alpha_is_no_news():
    notes = Notes()
    decode(encoded(Image.fromarray(COLOUR).convert("RGBA")), "x", notes)
    assert not notes.phrases


def test_black_ink_on_nothing_is_noted_as_lost():
    layers = np.zeros((4, 4, 4), np.uint8)
    layers[1:3, 1:3, 3] = 255
    notes = Notes()
    assert not decode(encoded(Image.fromarray(layers)), "x", notes).any()
    assert notes.phrases == {
        "partly transparent and hardly visible over black: choose another ground, such as "
        "--background white": 1
    }


DEEP = np.array([[0, 128, 129, 257], [385, 386, 65406, 65535]], np.uint16)
SHALLOW = [[0, 0, 1, 1], [1, 2, 254, 255]]


@pytest.mark.parametrize("format", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_are_scaled_not_clipped(format):
    pixels = decode(encoded(Image.fromarray(DEEP), format), "x")
    np.testing.assert_array_equal(pixels[:, :, 0], SHALLOW)


def test_big_endian_sixteen_bit_tiff():
    data = DEEP.astype(">u2").tobytes()
    image = Image.frombytes("I;16B", (4, 2), data)
    pixels = decode(encoded(image, "TIFF"), "x")
    np.testing.assert_array_equal(pixels[:, :, 0], SHALLOW)


def png(width: int, height: int, depth: int, kind: int, rows: bytes, *chunks: bytes) -> bytes:
    def chunk(tag: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body))
            + tag
            + body
            + struct.pack(">I", zlib.crc32(tag + body))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    extra = b"".join(chunk(c[:4], c[4:]) for c in chunks)
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + data + chunk(b"IEND", b"")


def test_transparent_value_of_sixteen_bits_is_black():
    rows = b"\0" + struct.pack(">HHH", 65535, 1000, 514)
    data = png(3, 1, 16, 0, rows, b"tRNS" + struct.pack(">H", 1000))
    np.testing.assert_array_equal(decode(data, "x")[:, :, 0], [[255, 0, 2]])


@pytest.mark.parametrize(
    ("array", "held"),
    [(np.ones((3, 3), np.int32), "32-bit integers"), (np.ones((3, 3), np.float32), "floating")],
)
def test_values_without_a_known_range_are_refused(array, held):
    message = refusal(encoded(Image.fromarray(array), "TIFF"), "depth.tif")
    assert message.startswith(f"depth.tif holds {held}")
    assert message.endswith(
        "Save it as an 8-bit or 16-bit grayscale or an RGB image. Or give the range: "
        "--levels auto, or --levels LOW,HIGH."
    )


def test_lab_is_refused():
    data = encoded(Image.new("LAB", (3, 3)), "TIFF")
    assert "x.tif holds L*a*b* colours" in refusal(data, "x.tif")


@pytest.mark.parametrize(("format", "tolerance"), [("TIFF", 0), ("JPEG", 2)])
def test_cmyk_becomes_rgb(format, tolerance):
    image = Image.new("CMYK", (8, 8), (0, 255, 51, 0))
    options = {"quality": 100} if format == "JPEG" else {}
    pixels = decode(encoded(image, format, **options), "x").astype(int)
    assert pixels.shape == (8, 8, 3)
    assert np.abs(pixels - [255, 0, 204]).max() <= tolerance


def test_ycbcr_becomes_rgb():
    image = Image.new("RGB", (8, 8), (250, 20, 90)).convert("YCbCr")
    # Compressed: Pillow 12.3 does not read what it writes of this mode without compression.
    data = encoded(image, "TIFF", compression="tiff_lzw")
    pixels = decode(data, "x").astype(int)
    assert np.abs(pixels - [250, 20, 90]).max() <= 2


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_as_pillow_turns(format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(Image.fromarray(COLOUR), format, exif=exif, **options)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(decode(data, "x"), expected)
    assert expected.shape == ((6, 4, 3) if orientation >= 5 else (4, 6, 3))


def test_damaged_exif_does_not_cost_the_image():
    data = encoded(Image.fromarray(COLOUR), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    np.testing.assert_array_equal(decode(data, "x"), COLOUR)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_first_frame_of_several(format):
    frames = [Image.new("RGB", (5, 4), colour) for colour in ("red", "lime", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
    notes = Notes()
    pixels = decode(data, "x", notes)
    np.testing.assert_array_equal(pixels, np.full((4, 5, 3), [255, 0, 0]))
    assert next(notes.lines(1, 8)) == (
        "1 file of 3 pages or frames, of which the first is read; --pages all reads each as an "
        "image"
    )


def test_single_frame_is_no_news():
    notes = Notes()
    decode(encoded(Image.new("RGB", (5, 4), "red"), "GIF"), "x", notes)
    assert not notes.phrases and not notes.files_of_pages


def test_not_an_image():
    assert refusal(b"hello, this is text") == (
        "photos.zip: cats/3.png is not an image that can be read, or its beginning is damaged. "
        "Replace or remove it; readable are PNG, JPEG, GIF, WebP, BMP, TIFF, PPM, JPEG 2000 "
        "and AVIF."
    )


def test_empty_file():
    assert refusal(b"") == "photos.zip: cats/3.png is empty (0 bytes). Replace or remove it."


def test_postscript_is_not_handed_to_another_program():
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    assert "is not an image that can be read" in refusal(script, "harmless.png")


def test_control_characters_in_a_name_stay_off_the_terminal():
    assert refusal(b"", "a\n\x1b[31mb.png").startswith("a��[31mb.png is empty")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_cut_short(format, share):
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encoded(Image.fromarray(noise), format)
    decode(data, "whole")
    message = refusal(data[: int(len(data) * share)], "cut.png")
    assert message.startswith("cut.png is ")
    assert "damaged" in message


def test_damaged_checksum():
    data = bytearray(encoded(Image.fromarray(COLOUR)))
    data[data.index(b"IDAT") + 8] ^= 0xFF
    assert refusal(bytes(data), "bad.png").startswith("bad.png is damaged or cut short (")


def test_no_pixels():
    assert "empty.png" in refusal(png(0, 5, 8, 0, b""), "empty.png")


def test_bomb_is_refused_before_it_is_decoded():
    data = encoded(Image.new("1", (20000, 20000)))
    assert len(data) < 100_000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "huge.png" in refusal(data, "huge.png")


@pytest.mark.parametrize(("limit", "refused"), [(24, False), (23, True), (11, True)])
def test_limit_of_pixels_is_exact(monkeypatch, limit, refused):
    data = encoded(Image.fromarray(RAMP))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    if refused:
        message = refusal(data, "big.png")
        assert message.startswith("big.png")
        assert f"has more than {limit} pixels, which may be a decompression bomb." in message
    else:
        decode(data, "big.png")


def test_limit_lifted_on_purpose_is_kept_lifted(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert decode(encoded(Image.fromarray(RAMP)), "x").shape == (4, 6, 1)


def test_warnings_are_neither_shown_nor_left_changed(recwarn):
    filters = list(warnings.filters)
    palette = palette_image()
    data = encoded(palette, transparency=bytes([255, 0, 51]))
    threads = [threading.Thread(target=decode, args=(data, "x")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == filters
    assert not recwarn.list
