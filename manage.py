#!/usr/bin/env python
"""Runs the commands of Django and of this project's apps."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participatie.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
