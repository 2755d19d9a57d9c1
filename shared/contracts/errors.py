"""OpenAI's error envelope, the body of every error."""

from pydantic import BaseModel


class ErrorDetail(BaseModel):
    """What was wrong and where: `param` is the path of the field, `code` is for programs."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorResponse(BaseModel):
    """The body of every response with a status of 400 or above."""

    error: ErrorDetail
