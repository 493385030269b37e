from ipaddress import ip_address

import pytest

from app.net.addresses import Allowed, read_allowed, why_refused, written_out

NOBODY = Allowed()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2606:4700::5efe:10.0.0.1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_inside_is_refused_in_whatever_form_it_comes(address):
    assert why_refused("feed.example", ip_address(address), NOBODY)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "172.32.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::1111", "2a00::1"]
)
def test_a_public_address_may_be_reached(address):
    assert why_refused("feed.example", ip_address(address), NOBODY) is None


def test_what_the_operator_allows_may_be_reached_and_nothing_beside_it():
    allowed = read_allowed(["10.1.0.0/16", "feeds.intern", "fd12::/64"])
    assert why_refused("a.example", ip_address("10.1.9.9"), allowed) is None
    assert why_refused("a.example", ip_address("::ffff:10.1.9.9"), allowed) is None
    assert why_refused("a.example", ip_address("fd12::7"), allowed) is None
    assert why_refused("Feeds.Intern.", ip_address("192.168.0.7"), allowed) is None
    assert why_refused("a.example", ip_address("10.2.0.1"), allowed)
    assert why_refused("other.intern", ip_address("192.168.0.7"), allowed)


@pytest.mark.parametrize("entry", ["", "10.0.0.0/33", "10.0.0.1/8", "http://a.example", "a b", "*", "1.2.3"])
def test_what_is_no_host_and_no_network_is_refused(entry):
    with pytest.raises(ValueError, match="no host name"):
        read_allowed([entry])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "0177.0.0.1",
        "017700000001",
        "localhost",
        "Feeds.LOCALHOST.",
    ],
)
def test_an_address_is_read_however_it_is_spelt(host):
    assert written_out(host) == ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["", ".", "feeds.example", "127.0.0.1.example", "1.2.3.4.5", "256.1.1.1", "08"]
)
def test_a_name_is_no_address(host):
    assert written_out(host) is None


def test_an_ipv6_host_is_an_address_that_is_judged_by_what_it_stands_for():
    mapped = written_out("::ffff:a9fe:a9fe")
    assert mapped is not None
    assert why_refused("::ffff:a9fe:a9fe", mapped, NOBODY) == "link-local"
