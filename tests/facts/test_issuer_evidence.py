"""Who issued what names no source, and by which evidence."""

from __future__ import annotations

import pytest

from indexer.facts.issuer_evidence import issuer_by_evidence, issuer_of_host, issuer_of_site


def test_the_title_tells_before_the_signature_the_site_and_the_host() -> None:
    body = "请遵照执行。\n梅州市财政局\n2020年1月2日"
    found = issuer_by_evidence(title="最高人民法院关于适用示例法的解释", body=body, host="www.meizhou.gov.cn")
    assert found == ("最高人民法院", "title")
    assert issuer_by_evidence(title="示例通知", body=body, host="www.meizhou.gov.cn") == ("梅州市财政局", "signature")
    site = issuer_by_evidence(title="示例新闻", body="", site_name="平远县人民政府门户网站", host="www.meizhou.gov.cn")
    assert site == ("平远县人民政府", "site")
    assert issuer_by_evidence(title="示例新闻", body="", host="www.meizhou.gov.cn") == ("梅州市人民政府", "host")
    assert issuer_by_evidence(title="示例新闻", body="") == ("", "")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.meizhou.gov.cn", "梅州市人民政府"),
        ("meizhou.gov.cn", "梅州市人民政府"),
        ("www.huadu.gov.cn", "花都区人民政府"),
        ("www.gd.gov.cn", "广东省人民政府"),  # the official label of a province
        ("jyj.meizhou.gov.cn", ""),  # an office: what it is called differs from place to place
        ("www.szmj.gov.cn", ""),
        ("www.jh.gov.cn", ""),  # initials of many places
        ("www.gov.cn", ""),
        ("", ""),
        ("search.meizhou.gov.cn", ""),
        ("www.meizhou.com", ""),
    ],
)
def test_a_host_tells_its_government_only_where_it_spells_a_place_out(host: str, name: str) -> None:
    assert issuer_of_host(host) == name


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("平远县人民政府门户网站", "平远县人民政府"),
        ("梅州市水务局", ""),  # a column or an office: only a site's name says that it is one
        ("梅州市水务局网站", "梅州市水务局"),
        ("中国政府网", ""),
        ("新华网", ""),
        ("", ""),
    ],
)
def test_a_sites_name_tells_its_office(site: str, name: str) -> None:
    assert issuer_of_site(site) == name
