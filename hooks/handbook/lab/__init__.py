"""The lab: disposable Debian nodes made of packages, on the machine that an environment names."""
