"""`creditloop env`: addresses, a source's key and a staff token, for trying things out by hand."""

import shlex

from localstack.services import PROCESSES

from creditloop_cli.commands.options import DEFAULT_STACK, AsJson, StackName, run
from creditloop_cli.local import require_up, staff_token
from creditloop_cli.output import show_json, show_text
from creditloop_cli.sources import source_key

_SOURCE = "curl"
_TOKEN_S = 3600


def env(stack: StackName = DEFAULT_STACK, *, json: AsJson = False) -> None:
    """Shell variables for curl and kcat: `eval "$(creditloop env)"`; the token holds an hour."""
    local = run(require_up(stack))
    state = local.layout.state
    variables = {f"{name.upper()}_URL": local.service_url(name) for name in PROCESSES}
    variables["CREDITLOOP_KAFKA"] = local.kafka
    variables["CREDITLOOP_SOURCE_KEY"] = source_key(state, _SOURCE)
    variables["CREDITLOOP_TOKEN"] = staff_token(state, ttl_s=_TOKEN_S)
    if json:
        show_json(variables)
        return
    for name, value in variables.items():
        show_text(f"export {name}={shlex.quote(value)}")
