"""The settings of the retrieval service, read from `RETRIEVAL_…` in the environment."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import CommonSettings

DEFAULT_MODEL = "all-MiniLM-L6-v2"


class RetrievalSettings(BaseSettings):
    """Settings of the retrieval service; the ones it shares with every process are in `common`."""

    model_config = SettingsConfigDict(env_prefix="RETRIEVAL_", extra="ignore")

    common: CommonSettings = Field(default_factory=CommonSettings, description="The settings every process shares.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8001, ge=0, le=65535, description="Port to listen on.")
    database_url: str = Field("", description="SQLAlchemy URL of files and vector stores; empty: SQLite in the data folder.")
    files: Path | None = Field(None, description="Folder of the uploaded bytes; empty: `files` in the data folder.")
    index: Path | None = Field(None, description="Folder of the index in process; empty: `index` in the data folder.")
    qdrant_url: str = Field("", description="URL of a Qdrant server; empty: the index runs in process.")
    qdrant_api_key: SecretStr | None = Field(None, description="API key of the Qdrant server.")
    qdrant_grpc: bool = Field(False, description="Talk gRPC to the Qdrant server instead of REST.")
    qdrant_grpc_port: int = Field(6334, ge=1, le=65535, description="The Qdrant server's gRPC port.")
    qdrant_shards: int | None = Field(None, ge=1, description="Shards of a new collection on the Qdrant server; empty: its default.")
    qdrant_replicas: int | None = Field(None, ge=1, description="Copies of each shard of a new collection; empty: the server's default.")
    embedding_model: str = Field("", description="The embedder: a directory or a Hugging Face id; empty: the one in the data folder.")
    embedding_models: str = Field("", description="Further embedders that stores may be made with: `name=directory-or-id,name=…`.")
    embedding_models_loaded: int = Field(2, ge=1, description="Embedders that are in memory at the same time.")
    embedding_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="Precision of the embedder; `auto`: bfloat16 where the processor computes in it."
    )
    embedding_batch_size: int = Field(32, ge=1, le=1024, description="Passages embedded at a time.")
    matryoshka_models: str = Field("", description="Embedders whose vectors may be cut (`dimensions`), separated by commas.")
    rerank_model: str = Field("", description="The reranker, a cross-encoder: a directory or a Hugging Face id; empty: none.")
    rerank_batch_size: int = Field(16, ge=1, le=1024, description="Texts the reranker reads at a time.")
    rerank_seconds: float = Field(10, gt=0, description="Longest time for reranking the hits of one search.")
    parse_seconds: float = Field(300, gt=0, description="Longest time for reading one file.")
    parse_memory_bytes: int = Field(
        2 * 1024**3,
        ge=128 * 1024**2,
        description="Most private memory that reading one file may take, in its process, in bytes; "
        "a format that is read whole takes several times the file.",
    )
    parse_text_bytes: int = Field(512 * 1024 * 1024, ge=1, description="Most text that one file may hold, in bytes of UTF-8.")
    ocr_languages: str = Field(
        "",
        description="Languages of scanned pages, as Tesseract names them: `deu+eng`; empty: English. "
        "RapidOCR takes no heed of it: it reads Chinese and English.",
    )
    ingest: Literal["process", "celery"] = Field(
        "process", description="Where files are indexed: `process`, in the service; `celery`, in workers (`services.retrieval.worker`)."
    )
    ingest_threads: int = Field(
        4,
        ge=1,
        le=64,
        description="Files that one process indexes at the same time; one of several threads takes files up to 1 MiB only.",
    )
    rewrite_url: str = Field("", description="OpenAI-compatible URL (with `/v1`) of the model that rewrites queries; empty: none does.")
    rewrite_model: str = Field("", description="Name of the model that rewrites queries.")
    rewrite_api_key: SecretStr | None = Field(None, description="API key for the model that rewrites queries; empty: the caller's key.")
    rewrite_seconds: float = Field(10.0, gt=0, le=600, description="Time limit for rewriting the queries of one search, in seconds.")
    max_file_bytes: int = Field(512 * 1024 * 1024, ge=1, description="Largest file that may be uploaded, in bytes.")

    @field_validator("embedding_models")
    @classmethod
    def _check_models(cls, value: str) -> str:
        names = [pair.partition("=")[0].strip() for pair in value.split(",") if pair.strip()]
        if len(set(names)) < len(names) or not all("=" in pair for pair in value.split(",") if pair.strip()) or not all(names):
            raise ValueError("RETRIEVAL_EMBEDDING_MODELS wants `name=directory-or-id` pairs separated by commas, each name once")
        return value

    @field_validator("ocr_languages")
    @classmethod
    def _check_languages(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w/-]+(\+[\w/-]+)*", value):
            raise ValueError("RETRIEVAL_OCR_LANGUAGES wants Tesseract's names joined by plus signs, such as deu+eng")
        return value

    def further_models(self) -> dict[str, str]:
        """Return the source of each further embedder."""
        pairs = (pair.partition("=") for pair in self.embedding_models.split(",") if pair.strip())
        return {name.strip(): source.strip() for name, _, source in pairs}

    @model_validator(mode="after")
    def _check_ingest(self) -> "RetrievalSettings":
        if self.ingest == "celery" and (not self.qdrant_url or not self.database_url.startswith("postgresql")):
            raise ValueError(
                "RETRIEVAL_INGEST=celery wants an index and a database that several processes can use: set RETRIEVAL_QDRANT_URL to a "
                "Qdrant server and RETRIEVAL_DATABASE_URL to PostgreSQL (postgresql+psycopg://…)"
            )
        return self

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.common.data / 'retrieval.db').absolute()}"

    @property
    def files_folder(self) -> Path:
        """The folder of the uploaded bytes."""
        return (self.files or self.common.data / "files").absolute()

    @property
    def index_folder(self) -> Path:
        """The folder of the index in process."""
        return (self.index or self.common.data / "index").absolute()

    @property
    def model(self) -> str:
        """The embedder: a directory or a Hugging Face id."""
        return self.embedding_model or str((self.common.data / "models" / DEFAULT_MODEL).absolute())
