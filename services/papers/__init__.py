"""Papers: the run sheet of an event and the summary of a contract, as text, HTML and PDF.

``records`` reads what a paper says in one transaction. ``paper`` puts it into words in the client's language.
``rendering`` and ``pdf`` lay it out by templates, which ``template_files`` finds. ``saving`` writes files.
"""
