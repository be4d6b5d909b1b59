"""Who is here: names, speakers, watchers, lost and resumed sessions."""
