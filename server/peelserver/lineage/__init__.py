"""The lineage questions over HTTP: their forms, permalinks and OpenAPI description."""
