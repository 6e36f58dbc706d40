"""Whatever the environment holds, there are settings, or one error that names a setting and tells no secret."""

from collections.abc import Mapping

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmasync.errors import SettingError
from pharmasync.settings import Settings, declared, load
from pharmasync.settings.redis_address import REDIS_HOST, REDIS_PORT

NAMES = {each.name: each for each in [*(declared(a) for a in attrs.fields(Settings)), REDIS_HOST, REDIS_PORT]}
LEAST = {
    "MSSQL_SERVER": "sql.example",
    "MSSQL_DATABASE": "pharmacy",
    "MSSQL_USER": "sync",
    "MSSQL_PASSWORD": "s3cret-sql",
    "API_BASE_URL": "https://api.example",
}
WORTH_HIDING = 9
"""Shorter values stand in the error's own words by chance."""

texts = st.text(max_size=30) | st.sampled_from(
    [
        *("", " ", "0", "-1", "1", "1.5", "1e999", "nan", "١٢", "9" * 400, "0x10", "\0", "http://[", "https://[::1"),
        *("https://a:99999", "redis://:pass@h:1/0", "redis://u:p@ss@h/0", "amqp://u:p@h//", "mongodb://u:p@h/?x=%zz"),
        *(
            "https://api.example/%zz",
            "unix:///x",
            "redis://h?a=b",
            "mongodb://h:0",
            "127.0.0.1",
            "::1",
            "off",
            "fernet:x",
            "https://ex\u2100mple",
        ),
    ]
)
environments = st.dictionaries(st.sampled_from([*NAMES]), texts, max_size=8)


@given(environments, st.booleans())
@settings(max_examples=1500, deadline=None)
def test_any_environment_is_settings_or_one_line_that_names_one(given_: Mapping[str, str], least: bool) -> None:  # noqa: FBT001 - hypothesis passes by place
    environ = {**LEAST, **given_} if least else given_
    try:
        assert isinstance(load(environ), Settings)
    except SettingError as error:
        said = str(error)
        about = [name for name in NAMES if name in said]
        assert about
        assert "\n" not in said
        for name in about:
            value = environ.get(name, "")
            assert not NAMES[name].secret or len(value) < WORTH_HIDING or value not in said
