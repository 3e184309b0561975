"""下書き and their way to publication: content (what a draft says), actions (the steps), preview (the page it would make)."""
