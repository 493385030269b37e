"""Wirefold recognises copies of news stories: bytes come in, a canonical ID and the reasons for it go out."""
