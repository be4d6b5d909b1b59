"""Face parameters and styles: tables, files, drafts."""
