"""The top floor: settings, urls, servers and the two commands. The only package that knows every app."""
