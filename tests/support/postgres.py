"""A throw-away PostgreSQL cluster for the tests: started once, removed at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


def binaries() -> Path | None:
    """The newest installed server, or None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(bin_dir: Path, *, durable: bool = False) -> Iterator[str]:
    """Yields `postgresql://…/` without a database name. `durable=False` skips fsync, for speed in tests."""
    folder = Path(tempfile.mkdtemp(prefix="hailong-pg-"))
    account = _unprivileged_account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    port = free_port()
    run = _runner(account)
    try:
        run(
            [
                str(bin_dir / "initdb"),
                "-D",
                str(folder / "data"),
                "-U",
                "hailong",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        # Its workers would visit the template just when a test wants a copy of it.
        options += " -c autovacuum=off"
        if not durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        run(
            [
                str(bin_dir / "pg_ctl"),
                "-D",
                str(folder / "data"),
                "-w",
                "-l",
                str(folder / "log"),
                "-o",
                options,
                "start",
            ]
        )
        yield f"postgresql://hailong@127.0.0.1:{port}/"
    finally:
        run([str(bin_dir / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


OWNER = "hailong_owner"


def owned_database(server: str, name: str, *, template: str = "template1") -> str:
    """A database of a role that is no superuser, as in production: policies hold nobody else.

    Returns its address; `server` ends with a slash and is open to a superuser.
    """
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone()
        if found is None:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{OWNER}'")
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template} OWNER {OWNER}')
    return address(server, name)


def address(server: str, name: str, role: str = OWNER) -> str:
    """How a role reaches a database; its password is its name."""
    url = make_url(server).set(drivername="postgresql+psycopg", username=role, password=role, database=name)
    return url.render_as_string(hide_password=False)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; the account that Debian's package made is used instead."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _runner(account: pwd.struct_passwd | None):
    identity = (
        {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    )

    def run(command: list[str], *, check: bool = True) -> None:
        subprocess.run(
            command,
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **identity,
        )

    return run
