# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of trainings and evaluations, which differ in what can be asked of them."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from waterseg_core.server.bodies import BODY
from waterseg_core.server.files import FileAnswer
from waterseg_core.server.orders_studies import EvaluationWords, StopWords, TrainingWords
from waterseg_core.server.routes import problems
from waterseg_core.server.schemas_studies import Curve, EvaluationList, StudyAbout, TrainingList
from waterseg_core.studies import Studies, Study

__all__ = ["router"]

FINETUNE, EVALUATE = "finetune", "evaluate"
RAW, PNG, ZIP, HTML = "application/octet-stream", "image/png", "application/zip", "text/html"
PART = {"requestBody": {"required": True, "content": {RAW: BODY}}}


def _studies(request: Request) -> Studies:
    studies: Studies = request.app.state.studies
    return studies


StudiesHere = Annotated[Studies, Depends(_studies)]
StudyId = Annotated[str, Path(alias="id", max_length=64)]
Forget = Annotated[bool, Query(description="Remove it from disk.")]

router = APIRouter(
    dependencies=[Depends(HTTPBearer(auto_error=False, description="The server's token."))],
    responses=problems(401, 413, 500),
)


def _told(study: Study, status: int = 200) -> Response:
    return JSONResponse(study.tell(), status)


def _listed(studies: Studies, kind: str, name: str) -> dict[str, Any]:
    return {name: [study.tell(whole=False) for study in studies.all(kind)]}


def _deleted(studies: Studies, kind: str, id: str, forget: bool) -> Response:
    if forget:
        studies.forget(kind, id)
        return Response(status_code=204)
    study = studies.get(kind, id)
    study.stop()
    return _told(study)


async def _taken(studies: Studies, kind: str, id: str, number: int, request: Request) -> None:
    body = await request.body()

    def keep() -> None:
        study = studies.get(kind, id)
        studies.house.check_disk(len(body))
        study.put(number, body)

    await run_in_threadpool(keep)


async def _fetched(studies: Studies, kind: str, id: str, request: Request) -> FileResponse:
    def made() -> FileAnswer:
        path = studies.get(kind, id).result()
        return FileAnswer(path, ZIP if kind == FINETUNE else HTML)

    # It may wait for a zip, so it has threads of its own: the others stay free.
    return await to_thread.run_sync(made, limiter=request.app.state.patient)


# -- trainings --------------------------------------------------------------------------------


@router.post(
    "/v1/trainings",
    status_code=201,
    response_model=StudyAbout,
    responses=problems(403, 422, 429, 507),
)
def create_training(words: TrainingWords, studies: StudiesHere) -> Response:
    """Order a training; the answer says which parts of its set to send."""
    return _told(studies.create({"kind": FINETUNE, **words.model_dump()}), status=201)


@router.get("/v1/trainings", response_model=TrainingList)
def list_trainings(studies: StudiesHere) -> dict[str, Any]:
    """Every training, newest first."""
    return _listed(studies, FINETUNE, "trainings")


@router.get("/v1/trainings/{id}", response_model=StudyAbout, responses=problems(404, 422))
def get_training(id: StudyId, studies: StudiesHere) -> Response:
    """How far a training is."""
    return _told(studies.get(FINETUNE, id))


@router.put(
    "/v1/trainings/{id}/parts/{n}",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 422, 507),
    openapi_extra=PART,
)
async def put_training_part(id: StudyId, n: int, request: Request, studies: StudiesHere) -> None:
    """Send part n of the zip; again is harmless."""
    await _taken(studies, FINETUNE, id, n, request)


@router.post(
    "/v1/trainings/{id}/start",
    response_model=StudyAbout,
    responses=problems(403, 404, 422, 507),
)
def start_training(id: StudyId, studies: StudiesHere) -> Response:
    """Yes to the estimate; one that does not wait for it is answered as it is."""
    return _told(studies.start(FINETUNE, id))


@router.post(
    "/v1/trainings/{id}/stop", response_model=StudyAbout, responses=problems(404, 422, 507)
)
def stop_training(id: StudyId, words: StopWords, studies: StudiesHere) -> Response:
    """Stop now, or at the end of the epoch; the best so far is kept."""
    study = studies.get(FINETUNE, id)
    study.stop(at_epoch=words.when == "epoch")
    return _told(study)


@router.post(
    "/v1/trainings/{id}/resume",
    response_model=StudyAbout,
    responses=problems(403, 404, 422, 429, 507),
)
def resume_training(id: StudyId, studies: StudiesHere) -> Response:
    """One that was cancelled or failed goes on; any other is answered as it is."""
    return _told(studies.resume(FINETUNE, id))


@router.delete(
    "/v1/trainings/{id}",
    response_model=StudyAbout,
    responses={204: {"description": "Forgotten."}, **problems(404, 422, 507)},
)
def delete_training(id: StudyId, studies: StudiesHere, forget: Forget = False) -> Response:
    """Stop a training, as `stop` does now. With `forget`, remove it; its model stays."""
    return _deleted(studies, FINETUNE, id, forget)


@router.get("/v1/trainings/{id}/curve", response_model=Curve, responses=problems(404, 422))
def get_curve(
    id: StudyId, studies: StudiesHere, after: Annotated[int, Query(ge=0, le=2**53)] = 0
) -> Response:
    """Points since number `after`, and all looks."""
    return JSONResponse(studies.get(FINETUNE, id).curve(after))


@router.get(
    "/v1/trainings/{id}/samples",
    response_class=FileResponse,
    responses={200: {"content": {PNG: BODY}, "description": "A PNG."}, **problems(404, 422)},
)
def get_samples(
    id: StudyId,
    studies: StudiesHere,
    look: Annotated[int | None, Query(ge=0, le=10**6, description="0: the model before.")] = None,
) -> FileResponse:
    """Some validation chips after a look, without `look` the last: image, truth, answer."""
    return FileResponse(studies.get(FINETUNE, id).sample(look), media_type=PNG)


@router.get(
    "/v1/trainings/{id}/result",
    response_class=FileResponse,
    responses={
        200: {"content": {ZIP: BODY}, "description": "The model's folder."},
        206: {"content": {ZIP: BODY}, "description": "The part that `Range: bytes=a-b` names."},
        **problems(404, 409, 416, 422, 429, 507),
    },
)
async def get_model(request: Request, id: StudyId, studies: StudiesHere) -> FileResponse:
    """The model, as `waterseg finetune` leaves it."""
    return await _fetched(studies, FINETUNE, id, request)


# -- evaluations ------------------------------------------------------------------------------


@router.post(
    "/v1/evaluations",
    status_code=201,
    response_model=StudyAbout,
    responses=problems(422, 429, 507),
)
def create_evaluation(words: EvaluationWords, studies: StudiesHere) -> Response:
    """Order an evaluation; the answer says which parts of its set to send."""
    return _told(studies.create({"kind": EVALUATE, **words.model_dump()}), status=201)


@router.get("/v1/evaluations", response_model=EvaluationList)
def list_evaluations(studies: StudiesHere) -> dict[str, Any]:
    """Every evaluation, newest first."""
    return _listed(studies, EVALUATE, "evaluations")


@router.get("/v1/evaluations/{id}", response_model=StudyAbout, responses=problems(404, 422))
def get_evaluation(id: StudyId, studies: StudiesHere) -> Response:
    """How far an evaluation is."""
    return _told(studies.get(EVALUATE, id))


@router.put(
    "/v1/evaluations/{id}/parts/{n}",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 422, 507),
    openapi_extra=PART,
)
async def put_evaluation_part(id: StudyId, n: int, request: Request, studies: StudiesHere) -> None:
    """Send part n of the zip; again is harmless."""
    await _taken(studies, EVALUATE, id, n, request)


@router.post(
    "/v1/evaluations/{id}/resume",
    response_model=StudyAbout,
    responses=problems(404, 422, 429, 507),
)
def resume_evaluation(id: StudyId, studies: StudiesHere) -> Response:
    """One that was cancelled or failed goes on; any other is answered as it is."""
    return _told(studies.resume(EVALUATE, id))


@router.post(
    "/v1/evaluations/{id}/stop", response_model=StudyAbout, responses=problems(404, 422, 507)
)
def stop_evaluation(id: StudyId, words: StopWords, studies: StudiesHere) -> Response:
    """Stop; what is judged stays."""
    study = studies.get(EVALUATE, id)
    study.stop()
    return _told(study)


@router.delete(
    "/v1/evaluations/{id}",
    response_model=StudyAbout,
    responses={204: {"description": "Forgotten."}, **problems(404, 422, 507)},
)
def delete_evaluation(id: StudyId, studies: StudiesHere, forget: Forget = False) -> Response:
    """Stop an evaluation. With `forget`, remove it."""
    return _deleted(studies, EVALUATE, id, forget)


@router.get(
    "/v1/evaluations/{id}/result",
    response_class=FileResponse,
    responses={
        200: {"content": {HTML: BODY}, "description": "The report."},
        206: {"content": {HTML: BODY}, "description": "The part that `Range: bytes=a-b` names."},
        **problems(404, 409, 416, 422, 429),
    },
)
async def get_report(request: Request, id: StudyId, studies: StudiesHere) -> FileResponse:
    """The report, a page that needs no network."""
    return await _fetched(studies, EVALUATE, id, request)
