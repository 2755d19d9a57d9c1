"""The settings of the retrieval service, read from `RETRIEVAL_…` in the environment."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings

DEFAULT_MODEL = "all-MiniLM-L6-v2"


class RetrievalSettings(BaseSettings):
    """Settings of the retrieval service; those that every process shares are in `common`."""

    model_config = SettingsConfigDict(env_prefix="RETRIEVAL_", extra="ignore", env_ignore_empty=True)

    common: CommonSettings = Field(default_factory=CommonSettings, description="The settings that every process shares.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8001, ge=0, le=65535, description="Port to listen on.")
    database_url: str = Field("", description="SQLAlchemy URL of the database. Empty: SQLite in the data folder.")
    files: Path | None = Field(None, description="Folder for uploaded files. Empty: `files` in the data folder.")
    index: Path | None = Field(None, description="Folder of the embedded index. Empty: `index` in the data folder.")
    qdrant_url: str = Field("", description="URL of a Qdrant server. Empty: the index is embedded in the service.")
    qdrant_api_key: SecretStr | None = Field(None, description="API key of the Qdrant server.")
    qdrant_grpc: bool = Field(False, description="Use gRPC instead of REST for the Qdrant server.")
    qdrant_grpc_port: int = Field(6334, ge=1, le=65535, description="The Qdrant server's gRPC port.")
    qdrant_shards: int | None = Field(None, ge=1, description="Shards of a new collection on the server. Empty: the server's default.")
    qdrant_replicas: int | None = Field(None, ge=1, description="Replicas of each shard of a new collection. Empty: the server's default.")
    embedding_model: str = Field("", description="The embedding model: a folder or a Hugging Face id. Empty: the one in the data folder.")
    embedding_models: str = Field("", description="Further embedding models that stores may use: `name=folder-or-id,name=…`.")
    embedding_models_loaded: int = Field(2, ge=1, description="The largest number of embedding models in memory at the same time.")
    embedding_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Precision of the embedding model. `auto`: bfloat16 if the processor has instructions for it."
    )
    embedding_batch_size: int = Field(32, ge=1, le=1024, description="Passages that are embedded together.")
    matryoshka_models: str = Field("", description="Embedding models whose vectors may be shortened (`dimensions`), separated by commas.")
    rerank_model: str = Field("", description="The reranker, a cross-encoder: a folder or a Hugging Face id. Empty: no reranker.")
    rerank_batch_size: int = Field(16, ge=1, le=1024, description="Texts that the reranker scores together.")
    rerank_seconds: float = Field(10, gt=0, description="Time limit for reranking the hits of one search, in seconds.")
    parse_seconds: float = Field(300, gt=0, description="Time limit for parsing one file, in seconds.")
    parse_memory_bytes: int = Field(
        2 * 1024**3,
        ge=128 * 1024**2,
        description="The most private memory that parsing one file may use, in bytes. "
        "Formats that are read completely into memory need several times the size of the file.",
    )
    parse_text_bytes: int = Field(512 * 1024 * 1024, ge=1, description="The most text that one file may contain, in bytes of UTF-8.")
    ocr_languages: str = Field(
        "",
        description="Languages of scanned pages, in Tesseract's notation: `deu+eng`. Empty: English. "
        "RapidOCR ignores this setting: it reads Chinese and English.",
    )
    ingest: Literal["process", "celery"] = Field(
        "process", description="Where files are indexed. `process`: in the service; `celery`: in workers (`services.retrieval.worker`)."
    )
    ingest_threads: int = Field(
        4,
        ge=1,
        le=64,
        description="Files that one process indexes at the same time. If there are several threads, one takes only files up to 1 MiB.",
    )
    rewrite_url: str = Field("", description="OpenAI-compatible URL (with `/v1`) of the model that rewrites queries. Empty: none.")
    rewrite_model: str = Field("", description="Name of the model that rewrites queries.")
    rewrite_api_key: SecretStr | None = Field(None, description="API key for the model that rewrites queries. Empty: the caller's key.")
    rewrite_seconds: float = Field(10.0, gt=0, le=600, description="Time limit for rewriting the queries of one search, in seconds.")
    max_file_bytes: int = Field(512 * 1024 * 1024, ge=1, description="The largest file that may be uploaded, in bytes.")

    @field_validator("embedding_models")
    @classmethod
    def _check_models(cls, value: str) -> str:
        pairs = [pair for pair in value.split(",") if pair.strip()]
        names = [pair.partition("=")[0].strip() for pair in pairs]
        if len(set(names)) < len(names) or not all("=" in pair for pair in pairs) or not all(names):
            raise ValueError("must be `name=folder-or-id` pairs separated by commas, with each name only once")
        return value

    @field_validator("ocr_languages")
    @classmethod
    def _check_languages(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w/-]+(\+[\w/-]+)*", value):
            raise ValueError("must be Tesseract's language codes joined by plus signs, such as deu+eng")
        return value

    @model_validator(mode="after")
    def _check_ingest(self) -> "RetrievalSettings":
        if self.ingest == "celery" and (not self.qdrant_url or not self.database_url.startswith("postgresql")):
            raise ValueError(
                "RETRIEVAL_INGEST=celery needs an index and a database that several processes can use: set RETRIEVAL_QDRANT_URL to a "
                "Qdrant server and RETRIEVAL_DATABASE_URL to PostgreSQL (postgresql+psycopg://…)."
            )
        return self

    def further_models(self) -> dict[str, str]:
        """Return the source of each further embedding model by name."""
        pairs = (pair.partition("=") for pair in self.embedding_models.split(",") if pair.strip())
        return {name.strip(): source.strip() for name, _, source in pairs}

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.common.data / 'retrieval.db').absolute()}"

    @property
    def files_folder(self) -> Path:
        """The folder for uploaded files."""
        return (self.files or self.common.data / "files").absolute()

    @property
    def index_folder(self) -> Path:
        """The folder of the embedded index."""
        return (self.index or self.common.data / "index").absolute()

    @property
    def model(self) -> str:
        """The embedding model: a folder or a Hugging Face id."""
        return self.embedding_model or str((self.common.data / "models" / DEFAULT_MODEL).absolute())
