"""The functional core: text in, values out.

``clean`` → ``take_fingerprint`` → ``compare`` → ``decide`` → ``partition`` → ``choose_canonical``.
No I/O, no clock, no settings; the standard library, NumPy and datasketch.
"""
