"""Question in, cited answer out: settings, assembly, answerers, verification, interfaces."""
