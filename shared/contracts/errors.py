"""OpenAI's error envelope, as every error of every service looks."""

from pydantic import BaseModel


class ErrorDetail(BaseModel):
    """What was wrong, and where: `param` is the path of the field, `code` a word for programs."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorResponse(BaseModel):
    """The body of every answer from 400 on."""

    error: ErrorDetail
