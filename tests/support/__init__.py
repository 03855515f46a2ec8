"""What the steps in tests/steps share. They speak to a desk from the outside only: HTTP, mail, AWS calls."""
