"""Reading from another site: never from a machine that is not on the public internet."""

import socket
import time
from pathlib import Path
from typing import Any

import pytest

from areas.fetching import Fetcher, NotFetched, is_public
from tests.areas.wijken import Site, as_json, site


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::7f00:1",
    ],
)  # fmt: skip
def test_a_machine_of_a_network_of_its_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_a_machine_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/", "ftp://localhost/", "file:///etc/passwd", "https://", "", "https://[::",
        "https://a:b@localhost/", "https://localhost/a b", "https://localhost/\r\nX: y",
        "https://localhost:99999/", "https://" + "x" * 300 + "/",
    ],
)  # fmt: skip
def test_only_a_plain_https_address_is_read(address: str) -> None:
    with pytest.raises(NotFetched):
        Fetcher(is_allowed=lambda _address: True, seconds=2).json(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1"])
def test_this_machine_is_never_asked_whatever_it_is_called(tmp_path: Path, host: str) -> None:
    with site(tmp_path, lambda _site, _path: as_json({})) as here:
        port = here.address.rpartition(":")[2]
        with pytest.raises(NotFetched):
            Fetcher(seconds=3).json(f"https://{host}:{port}/")
        assert here.asked == []


def test_one_private_address_among_public_ones_is_enough_to_stay_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(NotFetched, match="public internet"):
        Fetcher().json("https://pdok.example/")


def test_the_connection_goes_to_the_address_that_was_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere at the second look-up leads nowhere: there is no second one."""
    asked = []
    look_up = socket.getaddrinfo

    def once(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "localhost":
            asked.append(host)
        return look_up("127.0.0.1" if host == "localhost" else host, *args, **kwargs)

    with site(tmp_path, lambda _site, _path: as_json({"a": 1})) as here:
        monkeypatch.setattr(socket, "getaddrinfo", once)
        assert here.fetcher().json(f"{here.address}/x") == {"a": 1}
    assert asked == ["localhost"]


def test_a_redirect_is_judged_like_the_first_address(tmp_path: Path) -> None:
    judged: list[str] = []

    def first_only(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1

    def answer(here: Site, path: str) -> Any:
        return (302, {"Location": "/inside"}, b"") if path == "/" else as_json({"secret": 1})

    with site(tmp_path, answer) as here:
        with pytest.raises(NotFetched, match="public internet"):
            here.fetcher(is_allowed=first_only).json(f"{here.address}/")
        assert here.asked == ["/"]
    assert len(judged) == 2


def test_a_redirect_is_followed_where_it_may_go(tmp_path: Path) -> None:
    def answer(here: Site, path: str) -> Any:
        return (301, {"Location": "/there"}, b"") if path == "/" else as_json({"a": 1})

    with site(tmp_path, answer) as here:
        assert here.fetcher().json(f"{here.address}/") == {"a": 1}


@pytest.mark.parametrize("target", ["http://localhost/", "//[", "/", ""])
def test_a_redirect_to_what_is_not_read_or_in_circles_ends(tmp_path: Path, target: str) -> None:
    with (
        site(tmp_path, lambda _site, _path: (302, {"Location": target}, b"")) as here,
        pytest.raises(NotFetched),
    ):
        here.fetcher().json(f"{here.address}/")


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (404, b"{}"), (200, b"<html>"), (200, b"\xff\xfe"), (200, b"[" * 100_000)],
    ids=["500", "404", "html", "no text", "nested"],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, status: int, body: bytes) -> None:
    with site(tmp_path, lambda _site, _path: (status, {}, body)) as here, pytest.raises(NotFetched):
        here.fetcher().json(f"{here.address}/")


def test_an_answer_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (
        site(tmp_path, lambda _site, _path: (200, {}, b" " * 200_000)) as here,
        pytest.raises(NotFetched, match="larger than 1000"),
    ):
        here.fetcher(max_bytes=1000).json(f"{here.address}/")


def test_an_answer_that_takes_too_long_is_left(tmp_path: Path) -> None:
    def slowly(here: Site, path: str) -> Any:
        time.sleep(1.5)
        return as_json({})

    with site(tmp_path, slowly) as here, pytest.raises(NotFetched):
        here.fetcher(seconds=0.3).json(f"{here.address}/")


def test_a_site_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    with site(tmp_path, lambda _site, _path: as_json({})) as here:
        with pytest.raises(NotFetched):
            Fetcher(is_allowed=lambda _address: True, seconds=3).json(f"{here.address}/")
        assert here.asked == []
