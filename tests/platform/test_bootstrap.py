"""The two commands: what they refuse, and that nothing of them survives them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from config.bootstrap import data, identity, server, venv
from config.bootstrap.postgres import OWNER, Cluster, ServerFailed

ROOT = data.ROOT


def _wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "postgres", forgetful=True)
    yield made
    made.stop()


# --- The embedded server --------------------------------------------------------------------------


def test_a_second_start_finds_the_first(cluster: Cluster) -> None:
    first = cluster.start()
    second = cluster.start()

    assert first == second == cluster.socket_directory()
    assert cluster.stop()
    assert cluster.socket_directory() is None
    assert not cluster.stop()


def test_a_long_path_gets_a_short_socket_that_goes_with_the_server(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / ("long-" * 20) / "postgres", forgetful=True)
    cluster.path.parent.mkdir()

    sockets = cluster.start()

    assert len(str(sockets)) < 40
    psycopg2.connect(host=str(sockets), user=OWNER, dbname="kitwright").close()
    cluster.stop()
    assert not sockets.exists()


def test_an_interrupted_first_start_leaves_nothing_half_made(cluster: Cluster) -> None:
    draft = cluster.path.with_name("postgres.new")
    draft.mkdir()
    (draft / "PG_VERSION").write_text("half made")

    cluster.start()

    assert not draft.exists()


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.path / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(ServerFailed, match="no_such_setting"):
        cluster.start()


def test_the_server_ends_with_the_process_that_was_killed_and_loses_nothing(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells a process that its parent has ended")
    code = f"""
import time
from pathlib import Path
from config.bootstrap.postgres import Cluster
print(Cluster(Path({str(tmp_path / "postgres")!r})).start(), flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        sockets = parent.stdout.readline().strip()
        with (
            psycopg2.connect(host=sockets, user=OWNER, dbname="kitwright") as session,
            session.cursor() as cursor,
        ):
            cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        session.close()
        parent.kill()
    cluster = Cluster(tmp_path / "postgres")
    _wait_until(lambda: not (cluster.path / "postmaster.pid").exists())

    again = psycopg2.connect(host=str(cluster.start()), user=OWNER, dbname="kitwright")
    with again.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (1000,)
    again.close()
    cluster.stop()


@pytest.fixture
def passable() -> Iterator[Path]:
    """A directory that everybody may pass through, as those of pytest may not be."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def test_root_without_namespaces_runs_it_as_nobody(passable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root needs to become somebody else")
    monkeypatch.setattr(identity, "namespaces_are_allowed", lambda: False)
    monkeypatch.setattr(identity, "_SHARED", passable)
    closed = passable / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", forgetful=True)

    session = psycopg2.connect(host=str(cluster.start()), user=OWNER, dbname="kitwright")

    assert cluster.path.is_symlink()
    assert (cluster.path / "PG_VERSION").stat().st_uid == 65534
    session.close()
    cluster.stop()


def test_a_directory_that_somebody_else_laid_out_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "trap").symlink_to(tmp_path)

    with pytest.raises(PermissionError, match="trap"):
        identity._is_ours(tmp_path / "trap")


# --- The virtual environment ----------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Point the installation at an empty place with three locks; return what pip was asked to install."""
    installed: list[Path] = []
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in ("local", "test", "dev"):
        (locks / f"{name}.lock").write_text(name)
    monkeypatch.setattr(venv, "ROOT", tmp_path)
    monkeypatch.setattr(venv, "LOCKS", locks)
    monkeypatch.setattr(venv, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(venv, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(venv, "_pip_install", installed.append)
    return installed


def test_a_lock_is_installed_once_and_again_when_it_changed(elsewhere: list[Path]) -> None:
    venv.install("test")
    venv.install("test")
    assert [path.name for path in elsewhere] == ["test.lock"]

    (venv.LOCKS / "test.lock").write_text("another")
    venv.install("test")
    assert [path.name for path in elsewhere] == ["test.lock", "test.lock"]


def test_a_larger_lock_holds_the_smaller(elsewhere: list[Path]) -> None:
    venv.install("test")
    venv.install("local")
    assert [path.name for path in elsewhere] == ["test.lock"]

    venv.install("dev")
    assert [path.name for path in elsewhere] == ["test.lock", "dev.lock"]


def test_a_python_that_cannot_make_environments_is_told_what_to_install(
    elsewhere: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(venv.NotPossible, match="apt-get install python3-venv"):
        venv.install("local")

    assert elsewhere == []


def test_an_old_python_is_refused_in_words() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 10, 4, 'final', 0); runpy.run_module('config.bootstrap')"

    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "Kitwright needs Python 3.11 or newer; this is 3.10." in done.stderr


def test_the_locks_pin_every_file_by_hash() -> None:
    for name in ("run", "local", "test", "dev"):
        text = (ROOT / f"config/requirements/{name}.lock").read_text()
        requirements = text.replace("\\\n", " ").strip().splitlines()
        assert all("==" in line and "--hash=sha256:" in line for line in requirements), name


# --- Serving --------------------------------------------------------------------------------------


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(server.Refused, match=r"Choose another: PORT="):
            server._require_free(taken.getsockname()[1])


@pytest.mark.parametrize("port", ["http", "0", "65536"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(server.Refused, match="PORT is"):
        server._port()


def test_a_data_directory_serves_one_at_a_time(tmp_path: Path) -> None:
    with server._claim(tmp_path, 8123), pytest.raises(server.Refused, match=r"127\.0\.0\.1:8123"):
        server._claim(tmp_path, 8124).__enter__()

    with server._claim(tmp_path, 8124):
        pass


class Running:
    """`run` in a process of its own, with its own data directory and port."""

    def __init__(self, directory: Path) -> None:
        self.port = _free_port()
        self.output = directory / "output"
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KITWRIGHT_LOG_LEVEL")
            },
            "PORT": str(self.port),
            "KITWRIGHT_DATA_DIR": str(directory / "data"),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
        }
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.bootstrap", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        _wait_until(lambda: "Stop with Ctrl-C" in self.output.read_text() or self.process.poll() is not None, 120)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return int(answer.status)

    def is_silent(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def has_worker(self) -> bool:
        """Tell whether a worker of background jobs runs for this data directory."""
        ours = f"KITWRIGHT_DATA_DIR={self.environment['KITWRIGHT_DATA_DIR']}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if b"work_jobs" in (process / "cmdline").read_bytes() and ours in (process / "environ").read_bytes():
                    return True
        return False

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_run_serves_until_it_is_ended_and_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    running = Running(tmp_path)
    cluster = Cluster(tmp_path / "data/postgres")
    try:
        assert running.process.poll() is None, running.output.read_text()
        for path in ("/livez/", "/readyz/", "/sign-in/", "/static/css/app.css"):
            assert running.get(path) == 200, path
        second = running.command("-m", "config.bootstrap", "run")
        assert second.returncode == 1
        assert "runs on this data directory already" in second.stderr
        found = running.command("manage.py", "migrate", "--check")
        assert found.returncode == 0, found.stderr
        _wait_until(running.has_worker)
    finally:
        running.process.send_signal(how)
        status = running.process.wait(45)

    assert status == (-signal.SIGKILL if how is signal.SIGKILL else 0)
    _wait_until(running.is_silent)
    _wait_until(lambda: not running.has_worker())
    _wait_until(lambda: not (cluster.path / "postmaster.pid").exists())
    missing = running.command("manage.py", "migrate", "--check")
    assert missing.returncode == 1
    assert "Start one with `make run`" in missing.stderr


def test_a_worker_that_died_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_PAUSE_SECONDS", 0)
    monkeypatch.setattr(server, "_child", lambda *command: subprocess.Popen(["sleep", "60"]))
    with server._worker() as worker:
        first = worker.process
        worker.look_after()
        assert worker.process is first

        first.kill()
        first.wait()
        worker.look_after()
        assert worker.process is first
        worker.look_after()
        assert worker.process is not first

    assert worker.process.wait(5) == -signal.SIGTERM


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITWRIGHT_DATA_DIR", str(tmp_path / "data"))

    first = data.secret_key()

    assert len(first) >= 50
    assert data.secret_key() == first
    assert (tmp_path / "data/secret-key").stat().st_mode & 0o777 == 0o600


def test_the_python_that_serves_is_that_of_the_environment() -> None:
    """`continue_inside` returns where it is already, and never loops."""
    code = "import sys; from config.bootstrap import venv; venv.continue_inside([]); print(sys.prefix)"

    done = subprocess.run([venv.PYTHON, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert Path(done.stdout.strip()).resolve() == venv.VENV.resolve()
