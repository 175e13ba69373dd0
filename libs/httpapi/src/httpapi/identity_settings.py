"""The settings by which every service is told whom to trust."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, model_validator

from httpapi.identity import ClaimNames
from httpapi.tokens import AUDIENCE, IdentityOptions

_CLAIMS = ClaimNames()


class IdentitySettings(BaseModel):
    """To be mixed into a service's settings; an empty text counts as absent.

    A claim's name may be a dotted path: Keycloak keeps roles in `realm_access.roles`.
    """

    identity_jwks_file: Path | None = Field(
        None, description="public keys of the built-in issuer; give this or the issuer"
    )
    identity_issuer: str | None = Field(
        None, description="an OIDC issuer's base URL, exactly as its tokens' iss has it"
    )
    identity_audience: str = Field(AUDIENCE, description="what a token's aud must contain")
    identity_role_claim: str = Field(
        _CLAIMS.role, description="a role of this system, or a list with exactly one"
    )
    identity_area_claim: str = Field(_CLAIMS.area, description="area code of a member of staff")
    identity_entity_claim: str = Field(
        _CLAIMS.entity, description="unified social credit code of an enterprise"
    )
    identity_platform_claim: str = Field(_CLAIMS.platform, description="identifier of a platform company")
    identity_source_claim: str = Field(_CLAIMS.source, description="identifier of a source system")

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value != "" or not _is_ours(name)}

    @property
    def identity(self) -> IdentityOptions:
        """What `verifier_from` needs."""
        return IdentityOptions(
            jwks_file=self.identity_jwks_file,
            issuer=self.identity_issuer,
            audience=self.identity_audience,
            claims=ClaimNames(
                role=self.identity_role_claim,
                area=self.identity_area_claim,
                entity=self.identity_entity_claim,
                platform=self.identity_platform_claim,
                source=self.identity_source_claim,
            ),
        )


def _is_ours(name: str) -> bool:
    return name.startswith("identity_")
