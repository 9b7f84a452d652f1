"""A recording made anew as AAC in MP4, in a process of its own: ``python -m contributions.audio``.

Decoders of sound are large and written for speed; a small file can ask for hours of work or all
memory. What goes wrong in there costs one process, and never the site. Nothing of Django is loaded.
Nothing of the file itself is kept: no name, no place, no cover picture. Every browser plays
AAC, those of older telephones too.
"""

import io
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: The longest recording, in seconds of sound.
LONGEST = 180
#: A little more passes: recorders stop when they get round to it.
GRACE = 2
RATE = 48_000
BITS_A_SECOND = 48_000

MAX_SECONDS = 20
MAX_MEMORY = 1024 * 1024 * 1024

TOO_LONG = 3
UNREADABLE = 4


class Unreadable(Exception):
    """A file with no sound in it that can be read."""


class TooLong(Unreadable):
    """A recording of more than three minutes."""


@dataclass(frozen=True)
class Encoded:
    """A recording made anew, and how many seconds it takes."""

    content: bytes
    seconds: int


def make_anew(data: bytes) -> Encoded:
    """Return a recording as AAC in MP4, one channel, without anything else that the file held.

    Raises:
        TooLong, Unreadable: it cannot be taken, or takes too long or too much to read.
    """
    try:
        child = subprocess.run(  # noqa: S603  (nothing of it comes from outside but its input)
            [sys.executable, "-m", "contributions.audio", str(MAX_SECONDS)],
            input=data,
            capture_output=True,
            # The processor's time is limited inside; this is for a machine that is very busy.
            timeout=MAX_SECONDS * 3,
            cwd=Path(__file__).parent.parent,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if child.returncode == TOO_LONG:
        raise TooLong
    if child.returncode or not child.stdout:
        raise Unreadable
    seconds, _end, content = child.stdout.partition(b"\n")
    return Encoded(content, int(seconds))


def container_of(data: bytes) -> str | None:
    """Return which container a file is by its first bytes; nothing where we take none like it.

    The reader is told which, so that it never guesses: some kinds are lists of other files.
    """
    beginnings = {b"OggS": "ogg", b"\x1aE\xdf\xa3": "matroska", b"fLaC": "flac", b"ID3": "mp3",
                  b"#!AMR": "amr", b"caff": "caf"}  # fmt: skip
    for beginning, name in beginnings.items():
        if data.startswith(beginning):
            return name
    if data[4:8] == b"ftyp":
        return "mov"
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        # A stream of AAC says layer 0, which MPEG audio does not have.
        return "mp3" if data[1] & 0x06 else "aac"
    return None


def _encode(data: bytes) -> tuple[int, bytes]:
    import av

    container = container_of(data)
    if container is None:
        raise Unreadable
    out = io.BytesIO()
    samples = 0
    with (
        av.open(io.BytesIO(data), "r", format=container, metadata_errors="ignore") as source,
        av.open(out, "w", format="mp4") as target,
    ):
        stream = target.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = BITS_A_SECOND
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        for frame in source.decode(audio=0):
            frame.pts = None
            for part in resampler.resample(frame):
                samples += part.samples
                # By what was heard: what a header says about its length may be anything.
                if samples > (LONGEST + GRACE) * RATE:
                    raise TooLong
                target.mux(stream.encode(part))
        for part in resampler.resample(None):
            samples += part.samples
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    if not samples:
        raise Unreadable
    return max(1, round(samples / RATE)), out.getvalue()


def main(seconds: int) -> int:
    """Read what comes in, within so many seconds; the exit code says what was wrong with it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        length, content = _encode(sys.stdin.buffer.read())
    except TooLong:
        return TOO_LONG
    except Exception:
        # Whatever it is, whoever sent it reads the same sentence.
        return UNREADABLE
    sys.stdout.buffer.write(b"%d\n" % length + content)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
