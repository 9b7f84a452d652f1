"""Asks for pages as fast as the server answers: with wrk, or with Python where it is missing."""

import http.client
import multiprocessing
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLERS = 16
#: How often a failed answer may happen among a thousand before the measuring is worth nothing.
FAILURES_ALLOWED = 0.001


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


# Each thread of wrk goes through its own part of the list: what is written once is written once.
_SCRIPT = """
local requests = {}
local at = 0
local counter = 0
function setup(thread) thread:set("id", counter); counter = counter + 1 end
function init(args)
  local number = 0
  for line in io.lines(args[1]) do
    if number %% %(threads)d == id then
      local method, path, cookie, token = line:match("^(%%S+) (%%S+) ?(%%S*) ?(%%S*)$")
      local headers = {["Host"] = "127.0.0.1:%(port)d", ["Accept-Encoding"] = "gzip"}
      if cookie ~= "" then headers["Cookie"] = cookie end
      if token ~= "" then headers["X-CSRFToken"] = token end
      requests[#requests + 1] = wrk.format(method, path, headers)
    end
    number = number + 1
  end
end
function request() at = at %% #requests + 1; return requests[at] end
"""


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def rate(port: int, requests: Sequence[Request], seconds: float) -> float:
    """Return how many of the requests were answered per second.

    Raises:
        SystemExit: more than one in a thousand was refused or broken.
    """
    done, failed, took = (_wrk if has_wrk() else _python)(port, requests, seconds)
    if failed > max(1, done * FAILURES_ALLOWED):
        raise SystemExit(f"{failed} of {done} answers to {requests[0].path} were errors.")
    return done / took


def _wrk(port: int, requests: Sequence[Request], seconds: float) -> tuple[int, int, float]:
    threads = 2
    with tempfile.TemporaryDirectory() as folder:
        script, lines = Path(folder, "drive.lua"), Path(folder, "requests")
        script.write_text(_SCRIPT % {"threads": threads, "port": port})
        lines.write_text(
            "\n".join(
                " ".join(
                    [
                        one.method,
                        one.path,
                        # wrk's list has no spaces in a field.
                        one.headers.get("Cookie", "").replace("; ", ";"),
                        one.headers.get("X-CSRFToken", ""),
                    ]
                ).rstrip()
                for one in (requests if len(requests) >= threads else [*requests] * threads)
            )
        )
        printed = subprocess.run(
            [
                *("wrk", f"-t{threads}", f"-c{CALLERS}", f"-d{max(1, round(seconds))}s"),
                *("--timeout", "30s", "-s", str(script)),
                *(f"http://127.0.0.1:{port}/", "--", str(lines)),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    total = re.search(r"(\d+) requests in ([\d.]+)(m?s)", printed)
    if total is None:
        raise SystemExit(f"wrk said: {printed}")
    took = float(total[2]) / (1000 if total[3] == "ms" else 1)
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", printed)))
    failed += sum(
        sum(map(int, match.groups()))
        for match in re.finditer(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", printed)
    )
    return int(total[1]), failed, took


def _call(
    port: int,
    requests: Sequence[Request],
    until: float,
    answers: "multiprocessing.Queue[tuple[int, int]]",
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    done = failed = 0
    while time.monotonic() < until:
        one = requests[done % len(requests)]
        try:
            connection.request(
                one.method, one.path, headers={"Accept-Encoding": "gzip", **one.headers}
            )
            answer = connection.getresponse()
            answer.read()
            failed += answer.status >= 400
        except OSError:
            connection.close()
            failed += 1
        done += 1
    answers.put((done, failed))


def _python(port: int, requests: Sequence[Request], seconds: float) -> tuple[int, int, float]:
    """Do without wrk: slower itself, so that the ratios come out closer to one."""
    answers: multiprocessing.Queue[tuple[int, int]] = multiprocessing.Queue()
    until = time.monotonic() + seconds
    callers = [
        multiprocessing.Process(
            target=_call, args=(port, requests[number::CALLERS] or requests, until, answers)
        )
        for number in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    counts = [answers.get() for _caller in callers]
    for caller in callers:
        caller.join()
    return sum(done for done, _failed in counts), sum(f for _d, f in counts), seconds
