"""Servers that are announced, and found, by multicast on loopback."""

import asyncio
import sys

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.web.discovery import Place
from a2f_ws.web.multicast import addresses_of, announced, find


def test_a_server_on_one_address_is_announced_with_that_one():
    assert addresses_of("192.0.2.9") == ("192.0.2.9",)


def test_a_server_on_all_addresses_is_not_announced_on_loopback():
    pytest.importorskip("ifaddr")
    assert not [one for one in addresses_of("0.0.0.0") if one.startswith("127.")]


async def test_a_server_is_found_with_its_particulars_and_is_gone_afterwards():
    pytest.importorskip("zeroconf")
    own = "127.0.0.1"
    place = Place(name="a2f test.1", addresses=(), port=49_151, models=("embedded",), version="9")
    async with asyncio.timeout(20):
        async with announced(place, host=own):
            found = [one for one in await find(2.5, host=own) if one.port == place.port]
            if not found:
                pytest.skip("multicast does not work on loopback here")
        later = [one for one in await find(0.5, host=own) if one.port == place.port]
    assert [(one.name, one.url, one.models, one.version) for one in found] == [
        ("a2f test-1", "ws://127.0.0.1:49151/", ("embedded",), "9")
    ]
    assert later == []


async def test_a_network_without_multicast_is_complained_about_and_no_more(caplog):
    pytest.importorskip("zeroconf")
    place = Place(name="x", addresses=("192.0.2.254",), port=1)
    async with announced(place, host="192.0.2.254"):
        assert "cannot be announced on the network" in caplog.text


async def test_without_the_package_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    with pytest.raises(ConfigError, match=r"pip install 'a2f-ws\[discovery\]'"):
        await find(0.1)
