from fastapi import FastAPI, Request

from shared.web.methods import allowed_methods, routed_methods


def build_app() -> FastAPI:
    app = FastAPI()

    @app.get("/things/{name}")
    @app.delete("/things/{name}")
    def things(name: str) -> None: ...

    @app.post("/things/{name:path}")
    def post(name: str) -> None: ...

    return app


def scope(path: str) -> dict[str, object]:
    return {"type": "http", "app": build_app(), "path": path, "method": "PATCH", "headers": []}


def test_the_methods_of_all_routes_with_the_path_are_listed_and_head_with_get() -> None:
    assert routed_methods(scope("/things/a")) == ["GET", "POST", "DELETE"]
    assert allowed_methods(Request(scope("/things/a"))) == "GET, HEAD, POST, DELETE"
    assert allowed_methods(Request(scope("/things/a/b"))) == "POST"
    assert allowed_methods(Request(scope("/other"))) == ""
