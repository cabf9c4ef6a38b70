"""Questions as data: the mechanism that calls, surveys and registration forms share."""
