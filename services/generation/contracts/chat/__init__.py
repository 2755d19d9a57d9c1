"""The requests and answers of chats and completions, as far as Tandem checks or adds something."""
