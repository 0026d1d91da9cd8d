"""What the program does, without how it talks: called by commands, the window and the pytest plugin alike."""
