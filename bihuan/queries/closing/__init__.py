"""Closings as people weigh them: the list of requests, and one request with everything that is signed for."""
