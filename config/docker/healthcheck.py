"""Ask the server in this container whether it can do its work; fail where it cannot."""

from __future__ import annotations

import os
import urllib.request

# By a name that it is allowed to be addressed by.
host = os.environ.get("KITWRIGHT_ALLOWED_HOSTS", "").split(",")[0].strip() or "localhost"
address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz/"
urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=2).close()
