"""How programs find their way in an edition: a Data Package (Frictionless, version 1) and a DCAT record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from exports.columns import COLUMNS, Column
from exports.edition_info import LICENCE, LICENCE_TITLE, LICENCE_URL, SOURCE, OpenDataInfo

_TYPES: Final = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True)
class FileFacts:
    """One file as the descriptions name it; `path` lies beside them. `sha256` is in hexadecimal."""

    path: str
    title: str
    format: str
    media_type: str
    bytes: int
    sha256: str


def datapackage(info: OpenDataInfo, files: Sequence[FileFacts]) -> dict[str, Any]:
    """The CSV as a table with its schema, the same rows in other formats as files beside it."""
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"hai-long-{info.edition.code.lower()}",
        "title": info.title,
        "description": SOURCE,
        "version": f"1.{info.edition.revision}.0",
        "created": info.closed_at.isoformat(),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": LICENCE_TITLE}],
        "sources": [{"title": SOURCE}],
        "contributors": [{"title": info.publisher, "role": "publisher"}],
        "keywords": ["dịch vụ công trực tuyến", "mức độ hài lòng", info.edition.period.code],
        "resources": [_resource(item) for item in files],
    }
    if info.url:
        package["homepage"] = info.url
    return package


def _resource(item: FileFacts) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": item.path.replace(".", "-"),
        "path": item.path,
        "title": item.title,
        "format": item.format,
        "mediatype": item.media_type,
        "bytes": item.bytes,
        "hash": f"sha256:{item.sha256}",
    }
    if item.format != "csv":
        # The same rows once more: to be checked by length and hash, not read as a table without a schema.
        return found | {"profile": "data-resource", "type": "file"}
    return found | {
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": {"fields": [_field(column) for column in COLUMNS], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    bounds: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes:
        bounds["enum"] = list(column.codes)
    if column.minimum is not None:
        bounds["minimum"] = column.minimum
    if column.maximum is not None:
        bounds["maximum"] = column.maximum
    found: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.title.vi,
        "description": column.description.vi,
    }
    if column.type == "boolean":
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    return found | ({"constraints": bounds} if bounds else {})


_CONTEXT: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILE_TYPES: Final = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"


def dcat(info: OpenDataInfo, files: Sequence[FileFacts]) -> dict[str, Any]:
    """The same as DCAT-AP in JSON-LD; without an address of the edition names are relative to this file."""
    period = info.edition.period
    return {
        "@context": _CONTEXT,
        "@id": info.url or "./",
        "@type": "dcat:Dataset",
        "dct:identifier": f"hai-long/{info.edition.code}",
        "dct:title": [_text(info.title, "vi"), _text(info.title_en, "en")],
        "dct:description": [_text(SOURCE, "vi")],
        "dct:issued": _typed(info.closed_at.isoformat(), "dateTime"),
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": _text(info.publisher, "vi")},
        "dct:license": {"@id": LICENCE_URL},
        "dct:spatial": {
            "@id": "http://publications.europa.eu/resource/authority/country/VNM",
            "@type": "dct:Location",
        },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(period.first_day.isoformat(), "date"),
            "dcat:endDate": _typed(period.last_day.isoformat(), "date"),
        },
        "dcat:version": info.edition.code,
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"},
        "dcat:distribution": [_distribution(info, item) for item in files],
    }


def _distribution(info: OpenDataInfo, item: FileFacts) -> dict[str, Any]:
    address = f"{info.url.rstrip('/')}/{item.path}" if info.url else item.path
    return {
        "@id": f"{address}#tep",
        "@type": "dcat:Distribution",
        "dct:title": _text(item.title, "vi"),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{_MEDIA_TYPES}{item.media_type}"},
        "dct:format": {"@id": f"{_FILE_TYPES}{item.format.upper()}"},
        "dct:license": {"@id": LICENCE_URL},
        "dcat:byteSize": _typed(str(item.bytes), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(item.sha256, "hexBinary"),
        },
    }


def _text(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _typed(text: str, kind: str) -> dict[str, str]:
    return {"@value": text, "@type": f"xsd:{kind}"}
