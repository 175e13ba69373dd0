"""What can go wrong in classification.

ClassificationError
├── InvalidModel        a model's data contradicts itself or the catalogue
└── ChangedModel        a model stored under this version had other content: the service refuses to start
"""


class ClassificationError(Exception):
    """Root of this service's errors."""


class InvalidModel(ClassificationError):
    """Raised when a model or catalogue cannot be used; data names the model and what is wrong."""

    def __init__(self, model: str, problem: str) -> None:
        super().__init__(f"{model}: {problem}")
        self.model = model
        self.problem = problem


class ChangedModel(ClassificationError):
    """Raised when a model's content differs from what is stored under the same version."""

    def __init__(self, model: str, stored_sha256: str, found_sha256: str) -> None:
        super().__init__(
            f"{model}: stored as {stored_sha256}, found {found_sha256}; a change needs a new version"
        )
        self.model = model
        self.stored_sha256 = stored_sha256
        self.found_sha256 = found_sha256
