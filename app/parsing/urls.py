"""URL identity: many addresses, one page.

Scheme, ``www``, mobile and AMP hosts, AMP paths and caches, tracking parameters, session IDs, default
ports, fragments, index pages and trailing slashes do not tell pages apart and go. What may name an article
stays: courlan's own tracker pattern takes every parameter that *begins* like one (``gallery`` for ``ga``,
``reference`` for ``ref``), so courlan is used for the host and the path, and the query has the table below.
"""

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from courlan import extract_domain
from courlan.clean import normalize_url

LONGEST = 8192
DIGEST_BYTES = 16

_TRACKER = re.compile(
    r"""^(?:
        (?:utm|itm|mtm|pk|piwik|matomo|hsa|mkt|oly|vero|stm|at|ns|mc|fb|wt|trk|guce|guc|amp)_.*
      | (?:aspsessionid|cm_mmc).*
      | fbclid | gclid | dclid | gbraid | wbraid | msclkid | yclid | ysclid | twclid | ttclid | li_fat_id
      | igshid | igsh | mibextid | epik | _ga | _gl | _hsenc | _hsmi | __twitter_impression | __s | xtor | ito
      | cmp | cmpid | smid | smtyp | smprod | ncid | ocid | icid | intcid | icmp | partnerid
      | ref | ref_ | ref_src | ref_url | refsrc | referrer | referer | sref | spref | recirc
      | source | src | sourceid | campaign_id | campaignid | campaign | medium | via | traffic_source
      | share | shared | sharetype | sr_share | soc_src | soc_trk | s_cid | ftag | taid | spm | mod
      | feedtype | feedname | rss | rssfeed | from_rss
      | print | printable | printmode | outputtype | amp | usqp | mobile | nocache | cb | cachebuster
      | guccounter | guce_referrer | phpsessid | jsessionid | sessionid | session_id | cfid | cftoken
    )$""",
    re.VERBOSE,
)
_SESSION_VALUE = re.compile(r"^[0-9a-f]{16,}$", re.IGNORECASE)
_SESSION_NAME = frozenset({"sid", "s", "session", "sess"})
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_SUBDOMAIN = re.compile(r"^(?:www\d{0,2}|m|mobile|amp|touch|wap|mobil|movil)\.(?=[^.]+\.[^.])")
_INNER_MOBILE = re.compile(r"^([^.]+)\.m\.(?=[^.]+\.[^.]+$)")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)$", re.IGNORECASE)
_AMP_TAIL = re.compile(r"(?:/amp(?:\.html?)?|\.amp|/amp_articleshow)/?$", re.IGNORECASE)
_AMP_EXTENSION = re.compile(r"\.amp(?=\.s?html?$)", re.IGNORECASE)
_AMP_HEAD = re.compile(r"^/amp(?=/[^/])", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(?:s/)?(?=[^/]+\.[^/]+)")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")


def normalise(url: str) -> str | None:
    """The address under which a page is looked up; None for what is not an http(s) URL."""
    url = url.strip()
    if not url or len(url) > LONGEST:
        return None
    try:
        parts = urlsplit(url if "://" in url else f"https:{url}" if url.startswith("//") else url)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return None
    try:
        normal = _identity(_out_of_cache(parts))
    except ValueError:  # what cleaning makes of it is no address
        return None
    return None if normal.startswith("///") else normal


def url_key(url: str | None) -> bytes | None:
    """A 16-byte digest of the normalised address, or None."""
    normal = normalise(url) if url else None
    if normal is None:
        return None
    return hashlib.blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()


def url_keys(*urls: str | None) -> tuple[bytes, ...]:
    """The digests of several addresses, each once, in order."""
    return tuple(dict.fromkeys(key for key in map(url_key, urls) if key is not None))


def host_of(url: str | None) -> str | None:
    """The host that a page is known by: without ``www`` and the like, out of AMP caches."""
    normal = normalise(url) if url else None
    return normal[2:].partition("/")[0].partition("?")[0].partition(":")[0] if normal else None


def site_of(url: str | None) -> str | None:
    """The registered domain (Public Suffix List), or the host where it has none."""
    host = host_of(url)
    if host is None:
        return None
    page = f"https://{host}/"
    return extract_domain(page) or extract_domain(page, fast=True) or host


def _identity(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2]
    path = _without_dots(_SESSION_PATH.sub("", parts.path).encode("utf-8", "replace").decode())
    plain = SplitResult("https", host, _unquote_unreserved(path), "", "")
    cleaned = urlsplit(str(normalize_url(plain)))
    return f"//{_host(cleaned.netloc)}{_path(cleaned.path)}{_query(parts.query)}{_route(parts.fragment)}"


def _out_of_cache(parts: SplitResult) -> SplitResult:
    """The page itself where the address is one of Google's AMP caches."""
    host = (parts.hostname or "").lower()
    inner = parts.path.removeprefix("/amp") if host in {"www.google.com", "google.com"} else parts.path
    if not (host.endswith(".cdn.ampproject.org") or inner is not parts.path):
        return parts
    found = _AMP_CACHE.match(inner)
    if found is None:
        return parts
    try:
        page = urlsplit("https://" + inner[found.end() :])
    except ValueError:
        return parts
    return page._replace(query=parts.query) if page.hostname else parts


def _host(netloc: str) -> str:
    host = netloc.lower()
    while (bare := _SUBDOMAIN.sub("", _DEFAULT_PORT.sub("", host).strip().rstrip("."))) != host:
        host = bare
    return _INNER_MOBILE.sub(r"\1.", host)


def _path(path: str) -> str:
    path = _AMP_HEAD.sub("", _AMP_EXTENSION.sub("", _INDEX.sub("/", path)))
    return _AMP_TAIL.sub("", path.rstrip("/")).rstrip("/")


def _query(query: str) -> str:
    if not query:
        return ""
    try:
        pairs = parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return f"?{query}"
    written = {(_writable(name), _writable(value)) for name, value in pairs}
    kept = sorted(each for each in written if not _is_noise(each[0].lower(), each[1]))
    return f"?{urlencode(kept)}" if kept else ""


def _writable(text: str) -> str:
    """Without lone surrogates, which JSON can carry and an address cannot."""
    return text.encode("utf-8", "replace").decode()


def _is_noise(name: str, value: str) -> bool:
    if _TRACKER.match(name):
        return True
    return name in _SESSION_NAME and _SESSION_VALUE.match(value) is not None


def _route(fragment: str) -> str:
    """A hash-bang is the route of a one-page application; any other fragment is a place on the page."""
    return f"#{fragment}" if fragment.startswith(("!", "/")) else ""


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[max(1, len(kept) - 1) :]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _unquote_unreserved(path: str) -> str:
    """Percent-encodings of letters, digits and non-ASCII undone, so that either spelling is one address."""
    if "%" not in path:
        return path
    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", _decoded, path)


def _decoded(found: re.Match[str]) -> str:
    text = unquote(found[0], errors="surrogateescape")
    return "".join(c if c.isalnum() or c in "-._~" else "".join(f"%{b:02X}" for b in _bytes(c)) for c in text)


def _bytes(character: str) -> bytes:
    return character.encode("utf-8", "surrogateescape")
