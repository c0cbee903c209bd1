"""``python -m bot serve`` as an operator meets it: start, stop, and what can be in the way."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conversation_driver import free_port
from cryptography.fernet import Fernet
from served import START_SECONDS, Served, is_running, wait_until

from bot.server import rasa_server
from bot.server.models import ensure_model
from bot.settings import PROJECT, settings
from bot.storage import Database
from bot.storage.key_check import check_keys


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    models = PROJECT / "var" / "models"
    ensure_model(models, print)
    (tmp_path / "models").symlink_to(models)
    return {
        "BOT_DATA_DIR": str(tmp_path),
        "BOT_PORT": str(free_port()),
        "BOT_ACTIONS_PORT": str(free_port()),
        "BOT_ACTIONS": "server",
        "BOT_PROCESSES": "2",
    }


@pytest.fixture
def served(variables: dict[str, str]) -> Iterator[Served]:
    running = Served(variables)
    yield running
    running.process.kill()
    running.process.wait()


def test_a_server_and_its_action_server_count_together(served: Served) -> None:
    served.wait_for("Ready: ")
    ports = (served.variables["BOT_PORT"], served.variables["BOT_ACTIONS_PORT"])
    begin = urllib.request.Request(
        f"http://127.0.0.1:{ports[0]}/webhooks/widget/sessions", method="POST"
    )
    with urllib.request.urlopen(begin, timeout=60) as response:
        assert response.status == 200
    for port in ports:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as response:
            shown = response.read().decode()
        assert 'bot_turns_total{channel="widget",outcome="answered"} 1.0' in shown
        assert 'bot_action_seconds_count{action="action_begin",outcome="done"} 1.0' in shown
        assert 'bot_answers_misunderstood_total{question="iban"} 0.0' in shown


def test_ctrl_c_stops_everything_cleanly(served: Served) -> None:
    served.wait_for("Ready: ")
    assert served.lines[-1].startswith(f"Ready: http://localhost:{served.variables['BOT_PORT']}/")
    assert not any("Training" in line for line in served.lines)
    assert served.healthy("BOT_PORT", "/")
    assert served.healthy("BOT_ACTIONS_PORT", "/health")
    children = [*served.servers(), *served.action_servers()]
    assert len(children) == 3
    served.process.send_signal(signal.SIGINT)
    assert served.end() == 0
    assert not any(map(is_running, children))
    output = "\n".join(served.lines)
    assert output.endswith("Stopped.")
    assert "Traceback" not in output
    assert "Error" not in output


def test_whatever_is_killed_is_started_again(served: Served) -> None:
    served.wait_for("Ready: ")
    os.kill(served.action_servers()[0], signal.SIGKILL)
    served.wait_for("The action server ended; it is started again in 0.2 s.", 10)
    wait_until(lambda: served.healthy("BOT_ACTIONS_PORT", "/health"), 30, served)
    before = served.servers()
    for process in before:
        os.kill(process, signal.SIGKILL)
    served.wait_for("The server process 2 ended; it is started again in 0.2 s.", 10)
    wait_until(lambda: len(served.servers()) == 2, 10, served)
    assert not set(before) & set(served.servers())
    assert served.healthy("BOT_PORT", "/health/ready")


def test_nothing_outlives_a_killed_parent(served: Served) -> None:
    served.wait_for("Ready: ")
    children = [*served.servers(), *served.action_servers()]
    served.process.kill()
    wait_until(lambda: not any(map(is_running, children)), 20, served)


def test_sigterm_while_starting_stops_too(served: Served) -> None:
    served.wait_for("Starting")
    wait_until(lambda: bool(served.servers()), 30, served)
    children = [*served.servers(), *served.action_servers()]
    served.process.terminate()
    assert served.end() == 0
    assert not any(map(is_running, children))
    assert served.lines[-1] == "Stopped."


def test_data_under_other_keys_is_one_line_and_nothing_is_written(
    variables: dict[str, str], tmp_path: Path
) -> None:
    first = {**variables, "BOT_DATA_KEYS": Fernet.generate_key().decode()}
    database = Database(f"sqlite:///{tmp_path}/bot.sqlite3", [first["BOT_DATA_KEYS"]])
    database.upgrade()
    check_keys(database)
    database.close()
    before = (tmp_path / "bot.sqlite3").read_bytes()
    run = run_serve({**variables, "BOT_DATA_KEYS": Fernet.generate_key().decode()})
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "bot: what is stored was sealed under other keys than BOT_DATA_KEYS has now; "
        "start with those keys, or with another BOT_DATA_DIR"
    ]
    assert (tmp_path / "bot.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "names no channel"),
        ("[", "cannot be read: ParserError"),
        ("slack:\n", "Rasa's channel slack is not installed"),
    ],
)
def test_credentials_that_are_not_right_are_one_line(
    content: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "credentials.yml"
    file.write_text(content)
    monkeypatch.setattr(rasa_server, "CREDENTIALS_FILE", file)
    with pytest.raises(rasa_server.CannotServeChannels, match=line):
        rasa_server.rasa_app(None, settings())


def test_a_model_that_cannot_be_loaded_is_trained_anew(
    variables: dict[str, str], tmp_path: Path
) -> None:
    [folder] = [path for path in tmp_path.iterdir() if path.name == "models"]
    model = ensure_model(folder, print)
    folder.unlink()
    folder.mkdir()
    (tmp_path / "metadata.json").write_text("{}")
    with tarfile.open(folder / model.name, "w:gz") as archive:
        archive.add(tmp_path / "metadata.json", "metadata.json")
    served = Served(variables)
    try:
        served.wait_for("Ready: ", 240)
    finally:
        served.process.terminate()
        served.end()
    assert f"The model {model.name} cannot be used; it is trained anew." in served.lines
    assert "Traceback" not in "\n".join(served.lines)


def run_serve(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("setting", ["BOT_PORT", "BOT_ACTIONS_PORT"])
def test_a_port_in_use_is_one_line(variables: dict[str, str], setting: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        run = run_serve({**variables, setting: port})
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"bot: cannot listen on 127.0.0.1:{port}: Address already in use; "
        f"set {setting} to another port"
    ]


def test_a_data_folder_that_cannot_be_written_is_one_line(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    run = run_serve({**variables, "BOT_DATA_DIR": str(tmp_path / "file" / "data")})
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert run.stderr.startswith("bot: cannot write to BOT_DATA_DIR ")


def test_an_unusable_setting_is_one_line(variables: dict[str, str]) -> None:
    run = run_serve({**variables, "BOT_PORT": "many"})
    assert run.returncode == 1
    assert run.stderr.splitlines() == ["bot: BOT_PORT: value is not a valid integer"]


def test_a_misspelled_setting_is_named(variables: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        run = run_serve({**variables, "BOT_PORT": port, "BOT_PROT": "1"})
    assert "There is no setting BOT_PROT; see docs/configuration.md" in run.stdout


def test_a_database_that_is_away_is_one_line(variables: dict[str, str]) -> None:
    away = "postgresql://nobody@127.0.0.1:1/none"
    run = run_serve({**variables, "BOT_DATABASE_URL": away})
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
    assert run.stderr.startswith("bot: the database is not available")


def test_a_missing_interpreter_is_one_line(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "cat", "dirname", "cut", "sha256sum", "rm"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    project = tmp_path / "project"
    (project / "scripts").mkdir(parents=True)
    locks = ("requirements.lock", "requirements-rasa.lock")
    for name in ("scripts/prepare-environment", ".python-version", *locks):
        shutil.copy(PROJECT / name, project / name)
    run = subprocess.run(
        [project / "scripts" / "prepare-environment"],
        env={"PATH": str(tools), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "prepare-environment: no Python 3.12 found; install one with pyenv or uv, "
        "or put python3.12 on the PATH"
    ]


@pytest.mark.parametrize("command", ["serve", "actions"])
def test_production_names_every_missing_secret_in_a_line_of_its_own(
    command: str, tmp_path: Path
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    run = subprocess.run(
        [sys.executable, "-m", "bot", command],
        cwd=PROJECT,
        env={**kept, "BOT_PRODUCTION": "true", "BOT_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "bot: BOT_DATA_KEYS must be set in production",
        "bot: BOT_SESSION_SECRET must be set in production",
        "bot: BOT_PORTAL_SECRET must be set in production",
    ]
    assert not list(tmp_path.iterdir())


def test_an_action_server_by_itself(variables: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "actions"],
        cwd=PROJECT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{variables['BOT_ACTIONS_PORT']}"
    try:
        give_up = time.monotonic() + START_SECONDS
        while not is_answered(f"{address}/health"):
            assert time.monotonic() < give_up
            assert process.poll() is None
            time.sleep(0.1)
        assert is_answered(f"{address}/metrics")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def is_answered(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
