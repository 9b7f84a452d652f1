"""The house itself: health, front door, headers, errors, settings, floors."""

import ast
import datetime
import io
import json
import logging
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import structlog
import yaml
from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve

from participatie import catalogues, health, logs
from participatie.cache import RedisCache
from participatie.context import listed_languages
from participatie.headers import PERMISSIONS_POLICY
from participatie.mail import TerminalAndFileBackend
from participatie.tasks import clear_sessions

ROOT = Path(settings.BASE_DIR)
# Nothing listens on this port of this machine.
NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def visitor() -> Client:
    """A browser that shows error pages instead of raising what went wrong."""
    return Client(raise_request_exception=False)


# --- Health ---


def test_the_live_page_asks_nothing_of_anyone(client: Client) -> None:
    response = client.get("/gezond/")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Content-Type"].startswith("text/plain")
    assert not response.cookies


@pytest.mark.django_db
def test_the_ready_page_names_each_part(client: Client) -> None:
    response = client.get("/gezond/klaar/")
    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "migrations": True,
        "cache": True,
        "broker": True,
    }
    assert not response.cookies


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_makes_the_site_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_known_migrations", lambda: frozenset({("ideas", "9999_later")}))
    response = client.get("/gezond/klaar/")
    assert response.status_code == 503
    assert response.json()["migrations"] is False
    assert response.json()["database"] is True


@pytest.mark.django_db
def test_a_broker_and_a_cache_that_are_away_make_the_site_not_ready_without_telling_where(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "the_cache", RedisCache(NOBODY, {}))
    monkeypatch.setattr(health.app.conf, "broker_write_url", NOBODY)
    response = client.get("/gezond/klaar/")
    assert response.status_code == 503
    assert response.json()["cache"] is False
    assert response.json()["broker"] is False
    assert b"127.0.0.1" not in response.content


# --- The front door and the same page in other languages ---


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ("", "/nl/"),
        ("pl,en;q=0.8", "/pl/"),
        ("ro-RO,ro;q=0.9", "/ro/"),
        ("de,fr;q=0.8,bg;q=0.2", "/bg/"),
        ("de", "/nl/"),
        # Routed for those who prepare it, not listed.
        ("ar,en;q=0.5", "/en/"),
        ("*", "/nl/"),
        ("x" * 5000, "/nl/"),
    ],
)
def test_the_front_door_leads_to_the_language_that_the_browser_asks_for(
    client: Client, asks: str, gets: str
) -> None:
    response = client.get("/", headers={"Accept-Language": asks})
    assert response.status_code == 302
    assert response["Location"] == gets
    assert "Accept-Language" in response["Vary"]


@pytest.mark.django_db
def test_a_language_that_was_chosen_before_goes_first(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "bg"
    assert client.get("/", headers={"Accept-Language": "pl"})["Location"] == "/bg/"


def _request(path: str, **extra: Any) -> HttpRequest:
    request = RequestFactory().get(path, **extra)
    request.resolver_match = resolve(request.path)
    return request


def test_the_menu_of_languages_keeps_the_page_and_its_filters() -> None:
    request = _request("/nl/initiatieven/?thema=wonen&na=12%2C3", headers={"Host": "127.0.0.1"})
    addresses = {language.code: language for language in listed_languages(request)}
    assert list(addresses) == ["nl", "en", "pl", "bg", "ro"]
    assert addresses["bg"].name == "Български"
    assert addresses["bg"].url == "/bg/initiatieven/?thema=wonen&na=12%2C3"
    assert addresses["bg"].absolute_url.startswith("https://buurten.example/bg/")


# --- Headers ---


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nl/", "/gezond/", "/nl/bestaat-niet/", "/nl/account/inloggen/"])
def test_every_answer_carries_the_strict_headers(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "img-src 'self' data: https://service.pdok.nl" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_template_holds_what_the_policy_forbids() -> None:
    django = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    # A mail is no page of ours: its styles go with it, since no reader fetches any.
    pages = [
        path
        for path in catalogues.source_files()
        if path.suffix == ".html" and path.parent.name != "mails"
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in pages
        for match in forbidden.finditer(django.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_address_for_reporting_a_weakness_is_fresh(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 200
    assert "Contact: https://buurten.example/nl/over/contact/" in response.content.decode()
    left = settings.SECURITY_TXT_EXPIRES - datetime.datetime.now(datetime.UTC)
    assert left > datetime.timedelta(days=30), "Set SECURITY_TXT_EXPIRES to a year from now."
    assert left < datetime.timedelta(days=366), "RFC 9116 advises less than a year."


# --- What cannot be done ---


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_answered_with_a_sentence(visitor: Client) -> None:
    response = visitor.get("/en/no-such-page/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()


def test_a_forged_host_is_refused_with_a_page_that_does_not_repeat_it(visitor: Client) -> None:
    response = visitor.get("/gezond/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert b"<h1" in response.content
    assert b"evil.example" not in response.content


@pytest.mark.django_db
def test_ten_megabytes_of_text_are_refused_with_a_sentence(visitor: Client) -> None:
    response = visitor.post("/en/account/inloggen/", {"email": "a" * 10_000_000})
    assert response.status_code == 413
    assert "That is too much text" in response.content.decode()


@pytest.mark.django_db
def test_a_thousand_fields_are_refused_with_a_sentence(visitor: Client) -> None:
    fields = {f"field{number}": "1" for number in range(1000)}
    response = visitor.post("/en/account/inloggen/", fields)
    assert response.status_code == 413
    assert "That is too much at once" in response.content.decode()


@pytest.mark.django_db
def test_a_hundred_files_are_refused_with_a_sentence(visitor: Client) -> None:
    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(100)}
    response = visitor.post("/en/account/inloggen/", files)
    assert response.status_code == 413
    assert "That is too much at once" in response.content.decode()


@pytest.mark.django_db
def test_gigabytes_are_refused_before_they_are_read(visitor: Client) -> None:
    response = visitor.post(
        "/en/account/inloggen/", {"email": "a@voorbeeld.test"}, CONTENT_LENGTH="5000000000"
    )
    assert response.status_code == 413
    assert "That is too much at once" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_a_sentence() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/en/account/inloggen/", {"email": "a@voorbeeld.test"})
    assert response.status_code == 403
    assert "We could not accept this form" in response.content.decode()


# --- What is away ---


def _raises(error: Exception) -> Callable[..., Any]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise error

    return refuse


@pytest.mark.django_db
def test_a_database_that_is_away_gives_a_plain_page_and_afterwards_all_is_well(
    visitor: Client,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", _raises(OperationalError("secret-host refused")))
        response = visitor.get("/en/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "The site is away for a moment" in response.content.decode()
    assert b"secret-host" not in response.content
    assert visitor.get("/en/").status_code == 200


@pytest.mark.django_db
def test_a_fault_in_the_code_gives_a_page_that_says_it_is_our_fault(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "cursor", _raises(ZeroDivisionError("inside")))
    response = visitor.get("/en/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert b"inside" not in response.content


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_connections_that_postgresql_dropped_cost_no_error_page(client: Client) -> None:
    # A pool as a site starts with, not one that the race tests before it filled.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    assert client.get("/en/").status_code == 200
    # As after every request in life: the connection goes back to the pool.
    connection.close()
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], dbname="postgres") as other:
        name = connection.settings_dict["NAME"]
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    assert client.get("/en/").status_code == 200


def test_pages_see_an_empty_cache_while_redis_is_away() -> None:
    away = RedisCache(NOBODY, {})
    away.set("card:1", "text")
    assert away.get("card:1") is None
    assert away.get_many(["card:1", "card:2"]) == {}
    assert away.add("card:1", "text") is True
    away.delete_many(["card:1"])


def test_limits_on_sign_in_fail_closed_while_redis_is_away() -> None:
    away = RedisCache(NOBODY, {})
    away.get("card:1")
    for ask in (away.get, away.delete, lambda key: away.add(key, 1), lambda key: away.set(key, 1)):
        with pytest.raises(redis.ConnectionError):
            ask("allauth:rl:login:1")


@pytest.mark.django_db
def test_sign_in_waits_with_a_plain_page_while_redis_is_away_and_reading_goes_on(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = RedisCache(NOBODY, {})
    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache._connections["default"], name, getattr(away, name))  # type: ignore[attr-defined]
    response = visitor.post("/en/account/inloggen/", {"email": "iemand@voorbeeld.test"})
    assert response.status_code == 503
    assert mail.outbox == []
    assert visitor.get("/en/").status_code == 200
    assert visitor.get("/en/initiatieven/").status_code == 200


@pytest.mark.redis
def test_clearing_the_cache_leaves_what_others_keep_in_the_same_redis() -> None:
    other = redis.Redis.from_url(os.environ["TEST_REDIS_URL"])
    key = f"somebody-else:{os.getpid()}"
    other.set(key, "stays", ex=60)
    cache.set("ours", "goes")
    cache.clear()
    assert cache.get("ours") is None
    assert other.get(key) == b"stays"
    other.delete(key)


# --- Tasks ---


@shared_task
def note(text: str) -> None:
    """A task for these tests."""


@pytest.mark.django_db(transaction=True)
def test_accepted_work_stands_though_the_broker_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(note, "apply_async", _raises(ConnectionError("broker")))
    with caplog.at_level(logging.ERROR):
        # Outside a transaction this happens at once.
        note.delay_on_commit("text")
    assert "on_commit" in caplog.text


def test_a_task_that_finds_the_database_busy_is_tried_again() -> None:
    tries = []

    @shared_task
    def stubborn() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("database is locked")

    assert stubborn.apply().successful()
    assert len(tries) == 3


def test_what_the_schedule_names_exists() -> None:
    health.app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in health.app.tasks


@pytest.mark.django_db
def test_sessions_that_are_over_are_removed_at_night(client: Client) -> None:
    client.session.save()
    Session.objects.update(expire_date=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    clear_sessions()
    clear_sessions()
    assert not Session.objects.exists()


# --- Mail and logs ---


def test_mail_on_ones_own_machine_goes_to_a_file_and_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = mail.EmailMessage("Code", "K7RT2M", "van@voorbeeld.test", ["aan@voorbeeld.test"])
    assert TerminalAndFileBackend(file_path=tmp_path).send_messages([message]) == 1
    assert "K7RT2M" in capsys.readouterr().out
    assert "K7RT2M" in next(tmp_path.iterdir()).read_text()


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Log lines as a machine reads them."""
    as_it_was = structlog.get_config()
    configuration = logs.configuration(json=True)
    # Loggers that were used already keep the list of processors they met: it stays in force.
    structlog.configure(**as_it_was)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatter = configuration["formatters"]["lines"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_log_lines_name_the_view_and_not_the_address(
    visitor: Client, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    visitor.get("/nl/initiatieven/999-geheim-plan/?q=ook-geheim")
    written = lines()
    assert "geheim" not in json.dumps(written)
    request = next(line for line in written if line["event"] == "request")
    assert request["view"] == "ideas:detail"
    assert request["status"] == 404


def test_log_lines_of_a_fault_hold_its_place_and_not_its_text(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    try:
        raise IntegrityError("Key (email)=(iemand@voorbeeld.test) already exists.")
    except IntegrityError:
        logging.getLogger("django.request").exception("Error: /pad/van/iemand/")
    (line,) = lines()
    assert line["error"] == "django.db.utils.IntegrityError"
    assert "test_house.py" in line["at"][0]
    assert "iemand" not in json.dumps(line)


# --- Settings ---

PRODUCTION = {
    "ENV_FILE": "",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "buurten.example",
    "SITE_URL": "https://buurten.example",
    "PATH": os.environ["PATH"],
}


def _settings(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"from participatie import settings as s; print(({code}))"],
        env={**PRODUCTION, "VAR_DIR": str(tmp_path), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
@pytest.mark.parametrize(
    "hosts",
    [
        {"ALLOWED_HOSTS": "buurten.example", "SITE_URL": "http://localhost:8000"},
        {"ALLOWED_HOSTS": "localhost", "SITE_URL": "https://buurten.example"},
        {"ALLOWED_HOSTS": "localhost,*", "SITE_URL": "http://localhost:8000"},
        {"ALLOWED_HOSTS": "localhost,127.0.0.1.example", "SITE_URL": "http://localhost:8000"},
        {"ALLOWED_HOSTS": "", "SITE_URL": "http://localhost:8000"},
    ],
)
def test_known_passwords_start_on_ones_own_machine_only(
    tmp_path: Path, switch: str, hosts: dict[str, str]
) -> None:
    refused = _settings(tmp_path, "s.DEMO", **{switch: "1"}, **hosts)
    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr


def test_a_demo_starts_on_loopback_names(tmp_path: Path) -> None:
    started = _settings(
        tmp_path,
        "s.DEMO, s.SECURE_SSL_REDIRECT, s.EMAIL_BACKEND",
        DEMO="1",
        ALLOWED_HOSTS="localhost,127.0.0.1,[::1]",
        SITE_URL="http://localhost:8000",
    )
    assert started.stdout.strip() == "(True, False, 'participatie.mail.TerminalAndFileBackend')"


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAP_CENTRE": "52.05"},
        {"MAP_CENTRE": "52.05,4.3,13"},
        {"MAP_CENTRE": "nan,4.3"},
        {"MAP_CENTRE": "91,4.3"},
        {"MAP_ZOOM": "3"},
        {"MAP_ZOOM": "20"},
    ],
)
def test_a_map_that_begins_nowhere_is_refused_at_the_start(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    refused = _settings(tmp_path, "s.MAP_ZOOM", **wrong)
    assert refused.returncode != 0
    assert f"ImproperlyConfigured: {next(iter(wrong))} is" in refused.stderr


def test_a_map_without_tiles_lets_no_picture_come_from_elsewhere(tmp_path: Path) -> None:
    started = _settings(
        tmp_path,
        "s.MAP_CENTRE, s.MAP_ZOOM, s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][1:]",
        MAP_TILES_URL="",
        MAP_CENTRE="51.5, 4",
    )
    assert started.stdout.strip() == "((51.5, 4.0), 13, ['data:'])"


def test_a_real_site_insists_on_tls_and_believes_no_forwarded_headers(tmp_path: Path) -> None:
    names = (
        "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS > 30_000_000, s.DEBUG, hasattr(s, 'SECURE_PROXY_SSL_HEADER'), "
        "s.ALLAUTH_TRUSTED_PROXY_COUNT"
    )
    real = _settings(tmp_path, names)
    assert real.stdout.strip() == "(True, True, True, True, False, False, 0)", real.stderr


def test_sqlite_and_files_are_the_default_and_two_addresses_change_that(tmp_path: Path) -> None:
    names = (
        "s.DATABASES['default']['ENGINE'], s.CACHES['default']['BACKEND'], s.CELERY_BROKER_URL, "
        "s.DATABASES['default']['OPTIONS'].get('transaction_mode'), "
        "s.DATABASES['default'].get('CONN_MAX_AGE')"
    )
    assert _settings(tmp_path, names).stdout.strip() == str(
        (
            "django.db.backends.sqlite3",
            "django.core.cache.backends.filebased.FileBasedCache",
            "filesystem://localhost",
            "IMMEDIATE",
            None,
        )
    )
    large = {"DATABASE_URL": "postgres://a:b@db/site", "REDIS_URL": "redis://redis:6379/0"}
    assert _settings(tmp_path, names, **large).stdout.strip() == str(
        (
            "django.db.backends.postgresql",
            "participatie.cache.RedisCache",
            "redis://redis:6379/0",
            None,
            0,
        )
    )


def test_the_example_names_every_variable_that_settings_read() -> None:
    code = (ROOT / "participatie" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", code)) - {"ENV_FILE"}
    assert _named_in_the_example() - {"POSTGRES_PASSWORD", "PORT"} == read


def _named_in_the_example() -> set[str]:
    example = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.M))


# --- Compose ---


def test_compose_runs_one_image_as_web_worker_and_beat_beside_its_engines() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "postgresql", "redis", "mail"}
    ours = [services[name] for name in ("migrate", "web", "worker", "beat")]
    assert {service["image"] for service in ours} == {"betere-buurten"}
    # Two beats would send each night's work twice.
    assert "--beat" not in services["worker"]["command"]
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert f"{secret}:?" in json.dumps(services), "A secret has no default."
    code = (ROOT / "participatie" / "settings.py").read_text()
    passed = set(services["web"]["environment"])
    for name in passed:
        assert f'"{name}"' in code
    # What it brings itself, and what is for one's own machine.
    its_own = {"CELERY_BROKER_URL", "VAR_DIR", "DEMO", "DEBUG", "POSTGRES_PASSWORD", "PORT"}
    assert _named_in_the_example() - passed == its_own, "A setting in .env reaches the site."


# --- Floors ---


def _floors() -> list[list[str]]:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return [
        [room.strip("() ") for room in layer.split("|")]
        for layer in contract["contracts"][0]["layers"]
    ]


def _floor_of() -> dict[str, int]:
    """Return each room's floor, counted from the top."""
    return {room: number for number, rooms in enumerate(_floors()) for room in rooms}


def test_the_contract_of_floors_names_every_app_from_the_top_down() -> None:
    ours = [app for app in settings.INSTALLED_APPS if (ROOT / app / "__init__.py").exists()]
    floor = _floor_of()
    assert set(ours) <= set(floor)
    assert ours == sorted(ours, key=floor.__getitem__)
    built = {room for room in floor if (ROOT / room).is_dir()}
    assert built == set(ours), "A room that stands is installed."


def test_every_room_says_what_it_owns() -> None:
    for app in settings.INSTALLED_APPS:
        if (ROOT / app / "__init__.py").exists():
            assert (ROOT / app / "__init__.py").read_text().startswith('"""Owns ')


def test_no_model_points_up() -> None:
    floor = _floor_of()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            other = field.related_model if field.is_relation and field.concrete else None
            if other is None or isinstance(other, str):
                continue
            here, there = model._meta.app_label, other._meta.app_label
            if here in floor and there in floor:
                assert floor[here] <= floor[there], f"{model.__name__}.{field.name}"


def test_no_template_reaches_up() -> None:
    floor = _floor_of()
    names = re.compile(r"{%\s*(?:include|extends)\s+[\"'](\w+)/")
    for path in catalogues.source_files():
        room = path.relative_to(ROOT).parts[0]
        if path.suffix == ".html" and room in floor:
            for other in names.findall(path.read_text(encoding="utf-8")):
                if other in floor:
                    assert floor[room] <= floor[other], f"{path} takes from {other}"


# --- Catalogues ---


@pytest.fixture
def source() -> catalogues.Catalog:
    catalogue = catalogues.Catalog()
    catalogue.add("Hello %(name)s")
    catalogue.add(("%(n)s neighbour", "%(n)s neighbours"))
    return catalogue


@pytest.mark.parametrize(
    ("hello", "neighbours", "fault"),
    [
        ("Dag %(name)s", ("een buur", "%(n)s buren"), None),
        ("", ("een buur", "%(n)s buren"), "not translated"),
        ("Dag %(naam)s", ("een buur", "%(n)s buren"), "other placeholders"),
        ("Dag", ("een buur", "%(n)s buren"), "other placeholders"),
        ("Dag <b>%(name)s", ("een buur", "%(n)s buren"), "other placeholders"),
        ("Dag %(name)s", ("een buur", ""), "not translated"),
        ("Dag %(name)s", ("een buur", "%(x)s buren"), "other placeholders"),
    ],
)
def test_a_catalogue_that_is_not_complete_is_found(
    source: catalogues.Catalog,
    monkeypatch: pytest.MonkeyPatch,
    hello: str,
    neighbours: tuple[str, str],
    fault: str | None,
) -> None:
    translated = catalogues.Catalog(locale="nl")
    translated.add("Hello %(name)s", hello)
    translated.add(("%(n)s neighbour", "%(n)s neighbours"), neighbours)
    monkeypatch.setattr(catalogues, "read", lambda _code: translated)
    found = catalogues.faults("nl", source)
    assert (found == []) if fault is None else (fault in found[0] and len(found) == 1)


def test_a_catalogue_out_of_step_with_the_code_is_found(
    source: catalogues.Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    translated = catalogues.Catalog(locale="nl")
    translated.add("Hello %(name)s", "Dag %(name)s", flags=["fuzzy"])
    translated.add("Gone", "Weg")
    monkeypatch.setattr(catalogues, "read", lambda _code: translated)
    assert catalogues.faults("nl", source) == [
        "nl: fuzzy: Hello %(name)s",
        "nl: no longer in the code: Gone",
        "nl: not in the catalogue: %(n)s neighbour",
    ]


@pytest.mark.parametrize(
    ("polish", "is_left"),
    [
        ("Sluit je account voor altijd", True),
        ("Zamknij konto na zawsze", False),
    ],
)
def test_a_sentence_left_in_dutch_is_found(
    polish: str, is_left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = catalogues.Catalog()
    source.add("Close your account for good")
    source.add("E-mail")
    read = {}
    for code, sentence in (("nl", "Sluit je account voor altijd"), ("pl", polish)):
        read[code] = catalogues.Catalog(locale=code)
        read[code].add("Close your account for good", sentence)
        # A word that both languages have.
        read[code].add("E-mail", "E-mail")
    monkeypatch.setattr(catalogues, "read", read.__getitem__)
    left = ["pl: the same as in nl: Close your account for good"]
    assert catalogues.faults("pl", source) == (left if is_left else [])


def _taken_at_import(
    tree: ast.Module, module: str, modules: set[str], is_package: bool
) -> set[str]:
    """Return the modules of ours that one imports when it is itself imported."""
    package = module if is_package else module.rpartition(".")[0]
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            above = above[: len(above) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            inner = {f"{source}.{alias.name}" for alias in node.names}
            found |= (inner & modules) or {source}
    return (found & modules) - {module}


def test_no_module_needs_itself_to_be_imported() -> None:
    """Else it depends on who comes first, which Django's checks, a set, leave to chance."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for app in _floor_of()
        for path in (ROOT / app).rglob("*.py")
    }
    takes = {
        module: _taken_at_import(
            ast.parse(path.read_text(encoding="utf-8")),
            module,
            set(files),
            is_package=path.name == "__init__.py",
        )
        for module, path in files.items()
    }
    # Who takes from none, or is taken by none, is in no circle: what stays at last goes round.
    while True:
        taken = set().union(*takes.values()) if takes else set()
        circles = {one: takes[one] & takes.keys() for one in takes if one in taken}
        circles = {one: others for one, others in circles.items() if others}
        if circles == takes:
            break
        takes = circles
    assert not takes
