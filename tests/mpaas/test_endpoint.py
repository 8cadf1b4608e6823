"""Where mPaaS may be: https anywhere, plain http on this machine alone."""

import pytest

from bot.mpaas.endpoint import EndpointRefused, base_url


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("mpaas.cn-hangzhou.aliyuncs.com", "https://mpaas.cn-hangzhou.aliyuncs.com/"),
        (" MPaaS.aliyuncs.com ", "https://mpaas.aliyuncs.com/"),
        ("https://mpaas.aliyuncs.com", "https://mpaas.aliyuncs.com/"),
        ("mpaas.example:8443", "https://mpaas.example:8443/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("http://localhost:1", "http://localhost:1/"),
        ("http://[::1]:65535", "http://[::1]:65535/"),
    ],
)
def test_an_endpoint_becomes_the_url_that_is_posted_to(endpoint: str, url: str) -> None:
    assert base_url(endpoint) == url


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://mpaas.aliyuncs.com",
        "http://127.0.0.1",
        "http://127.0.0.2:80",
        "http://127.0.0.1.evil.example:80",
        "http://localhost.evil.example:80",
        "http://127.0.0.1:80@evil.example",
        "https://user:secret@mpaas.aliyuncs.com",
        "mpaas.aliyuncs.com/path",
        "mpaas.aliyuncs.com?query",
        "mpaas.aliyuncs.com#part",
        "mpaas..aliyuncs.com",
        "-mpaas.aliyuncs.com",
        "mpaas.-aliyuncs.com",
        "mpaas aliyuncs.com",
        "mpaas.aliyuncs.com\nHost: evil.example",
        "mpaäs.aliyuncs.com",
        "ftp://mpaas.aliyuncs.com",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
    ],
)
def test_anything_else_is_refused_with_a_sentence(endpoint: str) -> None:
    with pytest.raises(EndpointRefused, match="is not an endpoint: give the host name alone"):
        base_url(endpoint)


@pytest.mark.parametrize("endpoint", ["http://localhost:0", "mpaas.example:65536"])
def test_an_impossible_port_is_refused(endpoint: str) -> None:
    with pytest.raises(EndpointRefused, match="a port is a number from 1 to 65535"):
        base_url(endpoint)
