"""What every answer over HTTP needs: limits, caching, negotiation, headers, problems, a log."""
