"""The entry for WSGI servers."""

import gc

from app import create_app

app = create_app()

# What has been loaded stays as long as the process: a collection that walks through all of it (a
# fifth of a second for one unlucky student) finds nothing, so from here on none does.
gc.collect()
gc.freeze()
