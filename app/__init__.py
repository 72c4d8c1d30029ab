"""The application factory: configuration in, WSGI application out."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path

from flask import Flask
from sqlalchemy import event
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    commands,
    errors,
    i18n,
    installation,
    micro_cache,
    refusals,
    retention,
    security,
    serving,
    walls,
)
from app.accounts import guard
from app.config import Config
from app.extensions import babel, db, engine_options, migrate, prepare_sqlite

# The folder that holds `app/`, `migrations/` and `translations/`.
ROOT = Path(__file__).resolve().parent.parent

# The parts of a feature are found by name: `models`, the `blueprint` of `views` and of `staff_views`, on
# which `staff_changes` hangs more routes, and the list `cli.commands`.
FEATURES = (
    "ui",
    "audit",
    "accounts",
    "approvals",
    "thresholds",
    "directory",
    "catalogue",
    "dossiers",
    "responding",
    "fieldwork",
    "comments",
    "results",
    "improvements",
    "indices",
    "letterheads",
    "moderation",
    "feedback",
    "editions",
    "releases",
    "assessments",
    "console",
    "demo",
)


def create_app(config: Config | None = None) -> Flask:
    """Builds the application. Raises ConfigurationError or UnsafeSqlite rather than start unsafely."""
    config = config or Config.from_environ(os.environ)
    app = Flask(__name__, static_folder=None)
    if config.production:
        refusals.refuse_unsafe_settings(config, debug=app.debug, preloaded=os.environ.get("LD_PRELOAD", ""))
    app.extensions["hailong"] = config
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        MAX_CONTENT_LENGTH=config.maximum_body,
        MAX_FORM_MEMORY_SIZE=config.maximum_body,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        # The guard checks every change by staff; a token of the library would need Flask's session.
        WTF_CSRF_ENABLED=False,
        BABEL_DEFAULT_LOCALE=i18n.DEFAULT,
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    micro_cache.stand_before(app, config.micro_cache_seconds, changes_under=guard.STAFF_PREFIX)
    if config.proxy_hops:
        # The host is what the request itself says: a proxy that hands on X-Forwarded-Host unread would let a
        # stranger name the host of the staff.
        app.wsgi_app = ProxyFix(app.wsgi_app, config.proxy_hops, config.proxy_hops, x_host=0)  # type: ignore[method-assign]  # Flask documents this assignment
    _connect_extensions(app, config)
    security.protect(app)
    guard.protect(app)
    errors.register(app)
    _register_features(app)
    if config.production:
        refusals.refuse_unsafe_database(app)
        installation.refuse_demonstration_in_production(app)
    return app


def _connect_extensions(app: Flask, config: Config) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=i18n.requested_language)
    with app.app_context():
        if config.is_sqlite:
            event.listen(db.engine, "connect", lambda connection, _record: prepare_sqlite(connection))
        else:
            walls.stand_before(app, db.engine)


def _register_features(app: Flask) -> None:
    app.extensions["hailong_features"] = FEATURES
    commands.add(app, [serving.serve, retention.purge_command])
    for feature in FEATURES:
        for part in ("models", "views", "data_views", "staff_changes", "staff_views", "cli"):
            if importlib.util.find_spec(f"app.{feature}.{part}") is None:
                continue
            module = importlib.import_module(f"app.{feature}.{part}")
            if part.endswith("views"):
                app.register_blueprint(module.blueprint)
            if part == "cli":
                commands.add(app, module.commands)
