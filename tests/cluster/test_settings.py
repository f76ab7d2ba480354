"""How a cluster is named and reached, and that nothing secret is told; no cluster is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.cluster_settings import Cluster, cluster_index_name
from indexer.engine_choice import open_engine
from indexer.errors import ClusterUnavailable, SettingWrong
from indexer.settings import read_settings
from tests.opensearch.cluster import free_ports
from webui import create_app

if TYPE_CHECKING:
    from indexer.engine import Engine

SECURE = {"POLICY_SEARCH_ENGINE": "opensearch", "POLICY_SEARCH_URL": "https://a.example:9200"}


def cluster_of(**values: str) -> Cluster:
    cluster = read_settings({**SECURE, **values}).cluster
    assert cluster is not None
    return cluster


def test_without_an_engine_chosen_the_index_is_embedded() -> None:
    assert read_settings({}).cluster is None
    assert read_settings({"POLICY_SEARCH_ENGINE": "whoosh"}).cluster is None


def test_several_nodes_are_given_with_commas() -> None:
    assert cluster_of(POLICY_SEARCH_URL="https://a.example:9200, https://b.example:9200/").nodes == (
        "https://a.example:9200",
        "https://b.example:9200",
    )


def test_who_asks_is_taken_out_of_an_address_and_never_shown(tmp_path: Path) -> None:
    certificates = tmp_path / "ca.pem"
    certificates.touch()
    cluster = cluster_of(POLICY_SEARCH_URL="https://eve:s%20cret@a.example:9200", POLICY_SEARCH_CA=str(certificates))
    assert cluster.nodes == ("https://a.example:9200",)
    assert (cluster.user, cluster.password, cluster.ca) == ("eve", "s cret", certificates)
    assert "cret" not in repr(cluster)
    assert "key" not in repr(cluster_of(POLICY_SEARCH_API_KEY="my-key-value")).replace("api_key", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POLICY_SEARCH_ENGINE", "solr"),
        ("POLICY_SEARCH_URL", ""),
        ("POLICY_SEARCH_URL", "a.example:9200"),
        ("POLICY_SEARCH_URL", "https://"),
        ("POLICY_SEARCH_URL", "https://a.example:port"),
        ("POLICY_SEARCH_SHARDS", "0"),
        ("POLICY_SEARCH_REPLICAS", "-1"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingWrong, match=name):
        read_settings({**SECURE, name: value})


def test_a_password_goes_over_https_or_stays_on_this_machine() -> None:
    with pytest.raises(SettingWrong, match="https"):
        cluster_of(POLICY_SEARCH_URL="http://a.example:9200", POLICY_SEARCH_PASSWORD="x", POLICY_SEARCH_USER="u")
    assert cluster_of(POLICY_SEARCH_URL="http://127.0.0.1:9200", POLICY_SEARCH_PASSWORD="x").password == "x"


def test_a_user_and_a_key_are_one_too_many() -> None:
    with pytest.raises(SettingWrong, match="one of the two"):
        cluster_of(POLICY_SEARCH_USER="u", POLICY_SEARCH_API_KEY="k")


def test_an_index_has_its_last_name_on_a_cluster() -> None:
    assert cluster_index_name(Path("somewhere/policy-index")) == "policy-index"
    with pytest.raises(SettingWrong, match="lower-case"):
        cluster_index_name(Path("Index"))


@pytest.fixture
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose cluster is not reached, with a secret in its address."""
    pytest.importorskip("opensearchpy")
    monkeypatch.setattr("indexer.cluster.connection.READING_SECONDS", 0.1)
    [port] = free_ports(1)
    return open_engine(read_settings({**SECURE, "POLICY_SEARCH_URL": f"https://eve:secret@127.0.0.1:{port}"}))


def test_a_secret_is_in_no_message(nobody_there: Engine) -> None:
    with pytest.raises(ClusterUnavailable, match="POLICY_SEARCH_URL") as caught:
        nobody_there.version()
    assert "secret" not in str(caught.value)
    assert "https://127.0.0.1:" in str(caught.value)


def test_pages_and_programs_are_told_that_the_cluster_does_not_answer(
    nobody_there: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    pages = create_app(nobody_there).test_client()
    page, answer = pages.get("/?q=扶贫"), pages.get("/api/search?q=扶贫")
    assert (page.status_code, page.mimetype, answer.status_code) == (503, "text/html", 503)
    assert "检索集群此刻没有应答" in page.text
    assert answer.get_json()["type"] == "/api#unavailable"
    assert "127.0.0.1" not in page.text + answer.text
    assert "POLICY_SEARCH_URL" in caplog.text
    assert "secret" not in caplog.text
