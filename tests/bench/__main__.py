"""Serve the sample data and measure it: python -m tests.bench [seconds per page].

Prints requests per second, the middle and slowest time of a request, and how each page compares
with a bare page with one query, measured in the same run on the same server.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

PORT = 8765
CALLERS = 4
PAGES = {
    "bare page": "/bare/",
    "bare page with a query": "/bare-query/",
    "home": "/nl/",
    "list": "/nl/initiatieven/",
    "list, filtered and sorted": "/nl/initiatieven/?area=den-haag&sort=support",
    "area": "/nl/wijk/laak/",
    "how it works": "/nl/over/zo-werkt-het/",
    "step one": "/nl/initiatieven/nieuw/",
}


def measure(path: str, seconds: float) -> list[float]:
    """Ask for a page from several callers at once; return how long each request took."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    def call() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while time.perf_counter() < until:
            started = time.perf_counter()
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{path} answered {response.status}")
            times.append(time.perf_counter() - started)

    callers = [threading.Thread(target=call) for _caller in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return times


def wait_until_up() -> None:
    for _attempt in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/gezond/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "ENV_FILE": "",
            "SECRET_KEY": "only-for-measuring-" + "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{PORT}",
            "DEMO": "1",
            "VAR_DIR": folder,
        }
        for command in (["migrate"], ["load_reference"], ["load_sample"], ["collectstatic"]):
            options = ["--no-input"] if command != ["load_reference"] else []
            options = [] if command[0].startswith("load") else options
            subprocess.run(
                [sys.executable, "manage.py", *command, *options],
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        server = subprocess.Popen(
            [
                *("granian", "--interface", "wsgi", "--port", str(PORT), "--workers", "1"),
                *("--blocking-threads", "4", "participatie.wsgi:application"),
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_up()
            report(seconds)
        finally:
            server.terminate()
            server.wait(timeout=10)


def report(seconds: float) -> None:
    rates: dict[str, float] = {}
    print(f"{'page':28}{'per second':>12}{'middle ms':>12}{'slowest ms':>12}{'ratio':>8}")
    for name, path in PAGES.items():
        measure(path, min(1.0, seconds))
        times = measure(path, seconds)
        rates[name] = len(times) / seconds
        ratio = rates[name] / rates.get("bare page with a query", rates[name])
        print(
            f"{name:28}{rates[name]:12.0f}{statistics.median(times) * 1000:12.1f}"
            f"{max(times) * 1000:12.1f}{ratio:8.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
