"""Signing in with an account of another house, by OpenID Connect: the first factor only (ADR 10)."""
