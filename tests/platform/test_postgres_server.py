from __future__ import annotations

from pathlib import Path

from config.bootstrap.postgres import Cluster


def test_a_cluster_starts_twice_and_stops_once(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", forgetful=True)

    first = cluster.start()
    second = cluster.start()

    assert first == second == cluster.socket_directory()
    assert cluster.stop()
    assert cluster.socket_directory() is None
    assert not cluster.stop()
