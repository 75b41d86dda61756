"""The Flask extensions, unbound. `app.create_app()` binds them; this module imports nothing of ours."""

from __future__ import annotations

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData

# One convention names every constraint, so that a violated one can be turned into a message at its field.
NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

db = SQLAlchemy(metadata=MetaData(naming_convention=NAMING_CONVENTION))
migrate = Migrate()
babel = Babel(configure_jinja=False)  # core.web.texts gives templates what they ask by
bootstrap = Bootstrap5()  # serves Bootstrap's own files
login_manager = LoginManager()
cache = Cache()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
