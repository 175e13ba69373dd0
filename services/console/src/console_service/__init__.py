"""console: the process behind the web page (控制台).

It logs people in, keeps their session behind a cookie, and forwards what the page asks to the six services with the
caller's own token: role and area are enforced there, as for everyone. Its own data are accounts (without an OIDC
issuer), sessions, and who read or changed what through it.

Follow `main.py` → `http_api/`; `rules/` decides, `store/` is the only part that knows SQL, `upstream/` the only one
that speaks to services and to the issuer.
"""
